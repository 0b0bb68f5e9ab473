var _0x1a=["\x63\x6f\x69\x6e","\150"];(function(a,b){var c=function(d){while(--d){a['push'](a['shift']())}};c(++b)}(_0x1a,0x1b3));
[][(![]+[])[+[]]+([![]]+[][[]])[+!+[]+[+[]]]];$=~[];$={___:++$,$$$$:(![]+"")[$]};
eval(function(p,a,c,k,e,d){while(c--)if(k[c])p=p.replace(new RegExp('\\b'+c+'\\b','g'),k[c]);return p}('0 1',2,2,'a|b'.split('|'),0,{}))
ﾟωﾟﾉ= /｀ｍ´）ﾉ ~┻━┻   //*´∇｀*/ ['_']; o=(ﾟｰﾟ)  =_=3; c=(ﾟΘﾟ) =(ﾟｰﾟ)-(ﾟｰﾟ);
