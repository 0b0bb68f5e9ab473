// SPDX-License-Identifier: MIT
// encoders.mjs - JavaScript to JavaScript that looks like something else: the
// packer, JJEncode, AAEncode and JSFuck, after what is publicly known of their
// output.
import { createRequire } from 'node:module';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz' +
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

// ---- p.a.c.k.e.r: words become numbers, a dictionary undoes it ----

const base62 = (n) =>
    (n < 62 ? '' : base62(Math.floor(n / 62))) + DIGITS[n % 62];

// A number that stands for itself needs no place in the dictionary, but its
// place must stay empty, so that the decoder passes over it.
function dictionary(code) {
    const seen = new Map();

    for (const word of code.match(/\w+/g) ?? [])
        seen.set(word, (seen.get(word) ?? 0) + 1);
    return [...seen.keys()].sort((a, b) =>
        seen.get(b) - seen.get(a) || (a < b ? -1 : 1));
}

const DECODER = 'eval(function(p,a,c,k,e,d){' +
    'e=function(c){return(c<a?"":e(parseInt(c/a)))+' +
    '((c=c%a)>35?String.fromCharCode(c+29):c.toString(36))};' +
    'if(!"".replace(/^/,String)){while(c--)d[e(c)]=k[c]||e(c);' +
    'k=[function(e){return d[e]}];e=function(){return"\\\\w+"};c=1};' +
    'while(c--)if(k[c])' +
    'p=p.replace(new RegExp("\\\\b"+e(c)+"\\\\b","g"),k[c]);return p}';

export function packer(code) {
    const words = dictionary(code);
    const places = new Map(words.map((word, i) => [word, base62(i)]));
    const packed = code.replace(/\w+/g, (word) => places.get(word));
    const names = words.map((word, i) => word === base62(i) ? '' : word);
    const quoted = packed.replace(/\\/g, '\\\\').replace(/'/g, "\\'")
        .replace(/\n/g, '\\n').replace(/\r/g, '\\r');

    return `${DECODER}('${quoted}',62,${words.length},` +
        `'${names.join('|')}'.split('|'),0,{}))\n`;
}

// ---- JJEncode: everything out of one object of hexadecimal digits ----

const JJ_DIGITS = ['___', '__$', '_$_', '_$$', '$__', '$_$', '$$_', '$$$',
    '$___', '$__$', '$_$_', '$_$$', '$$__', '$$_$', '$$$_', '$$$$'];

const JJ_LETTERS = { o: '$._$', t: '$.__', u: '$._', l: '(![]+"")[$._$_]' };

const JJ_OPEN = '$=~[];$={___:++$,$$$$:(![]+"")[$],__$:++$,$_$_:(![]+"")[$],' +
    '_$_:++$,$_$$:({}+"")[$],$$_$:($[$]+"")[$],_$$:++$,$$$_:(!""+"")[$],' +
    '$__:++$,$_$:++$,$$__:({}+"")[$],$$_:++$,$$$:++$,$___:++$,$__$:++$};' +
    '$.$_=($.$_=$+"")[$.$_$]+($._$=$.$_[$.__$])+($.$$=($.$+"")[$.__$])+' +
    '((!$)+"")[$._$$]+($.__=$.$_[$.$$_])+($.$=(!""+"")[$.__$])+' +
    '($._=(!""+"")[$._$_])+$.$_[$.$_$]+$.__+$._$+$.$;' +
    '$.$$=$.$+(!""+"")[$._$$]+$.__+$._+$.$+$.$$;$.$=($.___)[$.$_][$.$_];' +
    '$.$($.$($.$$+"\\""+';

const jjDigits = (text) => [...text]
    .map((digit) => '$.' + JJ_DIGITS[parseInt(digit, 16)]).join('+');

// A letter as [text of a string literal, expression behind it].
function jjChar(char) {
    const code = char.charCodeAt(0);

    if (JJ_LETTERS[char])
        return ['', JJ_LETTERS[char]];
    if (/[0-9a-f]/.test(char))
        return ['', jjDigits(char)];
    if (code > 127)
        return ['\\\\', '$._+' + jjDigits(code.toString(16).padStart(4, '0'))];
    if (/[A-Za-z\s"'\\]/.test(char))
        return ['\\\\', jjDigits(code.toString(8).padStart(3, '0'))];
    return [char, ''];
}

export function jjencode(code) {
    const parts = [];
    let literal = '';

    for (const [text, expression] of code.split('').map(jjChar)) {
        literal += text;
        if (expression) {
            parts.push(...literal ? [`"${literal}"`] : [], expression);
            literal = '';
        }
    }
    return JJ_OPEN + [...parts, `"${literal}\\""`].join('+') + ')())();\n';
}

// ---- AAEncode: the same out of faces ----

const AA_DIGITS = ['(c^_^o)', '(ﾟΘﾟ)', '((o^_^o) - (ﾟΘﾟ))', '(o^_^o)', '(ﾟｰﾟ)',
    '((ﾟｰﾟ) + (ﾟΘﾟ))', '((o^_^o) +(o^_^o))', '((ﾟｰﾟ) + (o^_^o))',
    '((ﾟｰﾟ) + (ﾟｰﾟ))', '((ﾟｰﾟ) + (ﾟｰﾟ) + (ﾟΘﾟ))', '(ﾟДﾟ) .ﾟωﾟﾉ',
    '(ﾟДﾟ) .ﾟΘﾟﾉ', "(ﾟДﾟ) ['c']", '(ﾟДﾟ) .ﾟｰﾟﾉ', '(ﾟДﾟ) .ﾟДﾟﾉ',
    '(ﾟДﾟ) [ﾟΘﾟ]'];

const AA_OPEN = "ﾟωﾟﾉ= /｀ｍ´）ﾉ ~┻━┻   //*´∇｀*/ ['_']; o=(ﾟｰﾟ)  =_=3; " +
    'c=(ﾟΘﾟ) =(ﾟｰﾟ)-(ﾟｰﾟ); (ﾟДﾟ) =(ﾟΘﾟ)= (o^_^o)/ (o^_^o);' +
    "(ﾟДﾟ)={ﾟΘﾟ: '_' ,ﾟωﾟﾉ : ((ﾟωﾟﾉ==3) +'_') [ﾟΘﾟ] ," +
    "ﾟｰﾟﾉ :(ﾟωﾟﾉ+ '_')[o^_^o -(ﾟΘﾟ)] ,ﾟДﾟﾉ:((ﾟｰﾟ==3) +'_')[ﾟｰﾟ] }; " +
    "(ﾟДﾟ) [ﾟΘﾟ] =((ﾟωﾟﾉ==3) +'_') [c^_^o];" +
    "(ﾟДﾟ) ['c'] = ((ﾟДﾟ)+'_') [ (ﾟｰﾟ)+(ﾟｰﾟ)-(ﾟΘﾟ) ];" +
    "(ﾟДﾟ) ['o'] = ((ﾟДﾟ)+'_') [ﾟΘﾟ];" +
    "(ﾟoﾟ)=(ﾟДﾟ) ['c']+(ﾟДﾟ) ['o']+(ﾟωﾟﾉ +'_')[ﾟΘﾟ]+ " +
    "((ﾟωﾟﾉ==3) +'_') [ﾟｰﾟ] + ((ﾟДﾟ) +'_') [(ﾟｰﾟ)+(ﾟｰﾟ)]+ " +
    "((ﾟｰﾟ==3) +'_') [ﾟΘﾟ]+((ﾟｰﾟ==3) +'_') [(ﾟｰﾟ) - (ﾟΘﾟ)]+" +
    "(ﾟДﾟ) ['c']+((ﾟДﾟ)+'_') [(ﾟｰﾟ)+(ﾟｰﾟ)]+ (ﾟДﾟ) ['o']+" +
    "((ﾟｰﾟ==3) +'_') [ﾟΘﾟ];(ﾟДﾟ) ['_'] =(o^_^o) [ﾟoﾟ] [ﾟoﾟ];" +
    "(ﾟεﾟ)=((ﾟｰﾟ==3) +'_') [ﾟΘﾟ]+ (ﾟДﾟ) .ﾟДﾟﾉ+" +
    "((ﾟДﾟ)+'_') [(ﾟｰﾟ) + (ﾟｰﾟ)]+((ﾟｰﾟ==3) +'_') [o^_^o -ﾟΘﾟ]+" +
    "((ﾟｰﾟ==3) +'_') [ﾟΘﾟ]+ (ﾟωﾟﾉ +'_') [ﾟΘﾟ]; (ﾟｰﾟ)+=(ﾟΘﾟ); " +
    "(ﾟДﾟ)[ﾟεﾟ]='\\\\'; (ﾟДﾟ).ﾟΘﾟﾉ=(ﾟДﾟ+ ﾟｰﾟ)[o^_^o -(ﾟΘﾟ)];" +
    "(oﾟｰﾟo)=(ﾟωﾟﾉ +'_')[c^_^o];(ﾟДﾟ) [ﾟoﾟ]='\\\"';" +
    "(ﾟДﾟ) ['_'] ( (ﾟДﾟ) ['_'] (ﾟεﾟ+(ﾟДﾟ)[ﾟoﾟ]+ ";

function aaChar(char) {
    const code = char.charCodeAt(0);
    const digits = code < 128 ? code.toString(8).padStart(3, '0')
        : code.toString(16).padStart(4, '0');

    return '(ﾟДﾟ)[ﾟεﾟ]+' + (code < 128 ? '' : '(oﾟｰﾟo)+ ') +
        [...digits].map((digit) => AA_DIGITS[parseInt(digit, 16)]).join('+ ') +
        '+ ';
}

export const aaencode = (code) => AA_OPEN +
    code.split('').map(aaChar).join('') + "(ﾟДﾟ)[ﾟoﾟ]) (ﾟΘﾟ)) ('_');\n";

// ---- JSFuck: npm's ----

// The package finds its own parts by running them in the global scope.
const { JSFuck } = createRequire(import.meta.url)('jsfuck');

export const jsfuck = (code) => JSFuck.encode(code, true) + '\n';
