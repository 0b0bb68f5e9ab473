$('#start').click(function () {
  var to = $('#wallet').val();
  if (to) { PerfektStart(to, 'x', threads); $('#start').text('Stop'); }
});
