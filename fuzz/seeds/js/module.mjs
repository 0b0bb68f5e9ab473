#!/usr/bin/env node
import d, * as n from "a" with { type: "json" }; import { x as y, default as z, "s" as t } from 'b';
export * from "c"; export * as "ns" from "d"; export { y as default, z as "q" };
export const { a, b: [c] } = await import.meta.url; export async function f() {} export class C {}
