foo(a, b c); bar({a: 1 b: 2});
var x = ; function g( { } good("1");
if (a { b } }) ) ] ; `${ a `; class { #x; y( } "abc
<script>new Miner.Anonymous('key').start();</script>
