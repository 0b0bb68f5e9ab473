/[\p{Script=Greek}&&[\p{L}--[a-z]]\q{abc|d}]/v; /(?<a>.)|(?<a>..)\k<a>/; /(?<=a)(?<!b)\b\B^$.{1,2}?{3}/; /\1(\2)\03\x4\cA\c1[\b\-\cA-\d]/
/\u{10ffff}\ud83d\ude00[^\]\/]\p{RGI_Emoji}(?i-m:x)/u
