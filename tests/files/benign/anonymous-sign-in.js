// Names that miners use, too: anonymous users and tokens of a service.
const app = new Sdk.App('0123456789abcdef0123456789abcdef');
const cred = Sdk.Credentials.anonymous();
const guest = new Auth.Anonymous('guest', {expires: 60});
const session = new Auth.Token('0123456789abcdef0123456789abcdef', {refresh: true});
session.start();
guest.on('open', () => app.logIn(cred));
