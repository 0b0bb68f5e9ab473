/* SPDX-License-Identifier: MIT
 * In place of a service worker that davy has blocked: it takes the place of
 * the one that is installed, answers no request, and removes itself. */
self.addEventListener('install', function () {
  self.skipWaiting();
});
self.addEventListener('activate', function (event) {
  event.waitUntil(self.registration.unregister());
});
