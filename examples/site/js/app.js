// What the shop needs: nothing but a greeting and a remembered choice.
var lampOil = (function () {
  "use strict";

  function greet(button) {
    button.textContent = "Hello!";
  }

  function remember(event) {
    var lamp = event.target.getAttribute("data-lamp");

    if (lamp)
      localStorage.setItem("lamp", lamp);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var list = document.getElementById("lamps");

    if (list)
      list.addEventListener("click", remember);
  });
  return { greet: greet };
})();
