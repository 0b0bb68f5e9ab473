<!-- html comment
var let = 010, yield = "\07", await = 08.5; with (a) b = c
--> end
if (x) function f() {} else function g() {}
l: function h() {}
for (var i = 0 in {}) ; let
async = of => of; async
(1, 2); return
{ function k() {} function k() {} }
var \u0061b = /(?:a|b)??[^\c](?=x)*\u{1}]/, caf\u00e9 = ª
