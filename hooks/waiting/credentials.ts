/** Programs that ask for a password, a passphrase, a login in the browser, or a yes to an unknown host. */
import { type Call, type Family, named } from './rule.ts';

const SSH_VALUED = [...'BbcDEeFIiJLlmOopQRSWwPX'].map((letter) => `-${letter}`);
const batch = (call: Call) => /BatchMode[= ]+yes/i.test(call.args.join(' '));
const any = (call: Call, pattern: RegExp) => call.args.some((arg) => pattern.test(arg));
const PERSON = 'Leave logging in to a person; a fix needs no account.';

export const CREDENTIALS: Family = {
  kind: 'person',
  answerable: false,
  rules: [
    {
      programs: ['ssh', 'scp', 'rsh', 'slogin'],
      valued: SSH_VALUED,
      when: (call) => !batch(call) && !call.has('-V', '-G', '-Q') && call.operands.length > 0,
      why: 'may ask for a password, a passphrase or a yes to an unknown host',
      instead: 'Use {as} -o BatchMode=yes ….',
    },
    {
      programs: ['sftp'],
      valued: SSH_VALUED,
      when: (call) => !(batch(call) && (call.has('-b') || call.invocation.input)) && !call.has('-b'),
      why: 'reads its commands from a person and may ask for a password',
      instead: 'Use {as} -b FILE, which also switches questions off.',
    },
    {
      programs: ['ssh-copy-id'],
      why: 'asks for a password',
      instead: 'Leave giving out keys to a person.',
    },
    {
      programs: ['ssh-add'],
      when: (call) => !call.has('-l', '-L', '-d', '-D', '-k', '-T'),
      why: 'asks for a passphrase',
      instead: 'Leave keys to a person.',
    },
    {
      programs: ['sudo', 'doas'],
      valued: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '-U', '--user', '--group'],
      when: (call) =>
        !call.has('-n', '--non-interactive', '-V', '-k', '-K') && !(call.has('-S', '--stdin') && call.invocation.input),
      why: 'may ask for a password',
      instead: 'Use {as} -n …, which fails instead of asking, or do without.',
    },
    { programs: ['su', 'login', 'chsh', 'chfn', 'newgrp'], why: 'asks for a password', instead: 'Do without it.' },
    {
      programs: ['passwd', 'htpasswd', 'smbpasswd'],
      when: (call) =>
        !(call.invocation.program === 'htpasswd' && (call.has('-b', '-i') || call.invocation.input)) &&
        !call.has('-S', '-l', '-u', '-d', '--status', '--stdin'),
      why: 'asks for a password',
      instead: 'Leave passwords to a person.',
    },
    {
      programs: ['kinit'],
      when: (call) => !call.has('-k', '-R') && !call.invocation.input,
      why: 'asks for a password',
      instead: PERSON,
    },
    {
      programs: ['docker login', 'podman login', 'helm registry login', 'nerdctl login'],
      valued: ['-u', '--username', '-p', '--password'],
      when: (call) => !call.has('--password-stdin', '-p', '--password'),
      why: 'asks for a password',
      instead: PERSON,
    },
    {
      programs: named(`
        npm login, npm adduser, npm add-user, pnpm login, yarn login, yarn npm login, vercel login, az login,
        gcloud auth login, gcloud init, gcloud auth application-default login, aws sso login, heroku login,
        firebase login, netlify login, wrangler login, terraform login, fly auth login, flyctl auth login,
        glab auth login, gh auth login, gh auth refresh, huggingface-cli login, supabase login, railway login,
        doctl auth init, op signin, bw login, vault login, oc login
      `),
      when: (call) =>
        !call.has('--with-token', '--service-principal', '--identity', '-i', '--token', '--cred-file', '--stdin'),
      why: 'asks for a login',
      instead: PERSON,
    },
    {
      programs: ['aws configure'],
      valued: ['--profile', '--region'],
      when: (call) => call.operands.length === 0 || call.operands[0] === 'sso',
      why: 'asks for keys',
      instead: 'Use `aws configure list` to look; leave keys to a person.',
    },
    {
      programs: ['cargo login'],
      when: (call) => call.operands.length === 0 && !call.invocation.input,
      why: 'asks for a token',
      instead: PERSON,
    },
    {
      programs: ['twine upload'],
      when: (call) => !call.has('--non-interactive'),
      why: 'asks for a password',
      instead: 'Leave publishing to a person.',
    },
    {
      programs: ['psql', 'pg_dump', 'pg_dumpall', 'pg_restore', 'createdb', 'dropdb', 'createuser', 'pg_basebackup'],
      valued: ['-h', '-p', '-U', '-d', '-f', '-c'],
      when: (call) => call.has('-W', '--password'),
      why: 'asks for a password',
      instead: 'Use {as} -w, which fails instead of asking; PGPASSWORD or a service file gives the password.',
    },
    {
      programs: ['mysql', 'mariadb', 'mysqldump', 'mysqladmin', 'mariadb-dump', 'mysqlimport', 'mycli'],
      when: (call) => any(call, /^(-p|--password)$/),
      why: 'asks for a password',
      instead: 'Use {as} --defaults-extra-file=FILE, or --password=… with a throw-away password.',
    },
    {
      programs: ['openssl req'],
      when: (call) =>
        any(call, /^-(new|x509|newkey)$/) &&
        ((!any(call, /^-(subj|config|batch)$/) && !call.invocation.input) ||
          (any(call, /^-newkey$/) && !any(call, /^-(nodes|noenc|passout)$/))),
      why: 'asks for a passphrase or for names',
      instead: 'Use {as} … -nodes -subj "/CN=localhost".',
    },
    {
      programs: ['openssl genrsa', 'openssl genpkey', 'openssl ecparam'],
      when: (call) => any(call, /^-(aes|des|camellia|aria)/) && !any(call, /^-pass(out)?$/),
      why: 'asks for a passphrase',
      instead: 'Leave the cipher out, or add -passout pass:….',
    },
    {
      programs: ['openssl pkcs12', 'openssl enc', 'openssl passwd'],
      when: (call) =>
        !any(call, /^-(pass|passin|passout|password|k|K|kfile|stdin|in_pass|nokeys)$/) &&
        !(call.invocation.args[0] === 'passwd' && (call.invocation.input || call.operands.length > 0)) &&
        !(call.invocation.args[0] === 'enc' && any(call, /^-(base64|a|list|ciphers)$/)),
      why: 'asks for a password',
      instead: 'Add -passin or -passout pass:… (enc: -pass).',
    },
    {
      programs: ['gpg', 'gpg2'],
      when: (call) =>
        !call.has('--batch', '--no-tty') &&
        (call.has('-c', '--symmetric', '-s', '--sign', '--clearsign', '--clear-sign', '-b', '--detach-sign') ||
          call.has('--gen-key', '--generate-key', '--full-generate-key', '--full-gen-key', '--edit-key') ||
          call.has('--delete-key', '--delete-secret-key', '--gen-revoke', '--passwd', '--export-secret-keys')),
      why: 'asks for a passphrase or a choice',
      instead: 'Use {as} --batch --yes …, which fails instead of asking.',
    },
    {
      programs: ['read'],
      valued: ['-p', '-t', '-u', '-d', '-n', '-N', '-a', '-i'],
      // A plain `read` is the head of a loop over a file more often than a question.
      when: (call) => !call.invocation.input && call.has('-p', '-s', '-e') && !call.has('-t', '-u'),
      why: 'reads a line from a terminal',
      instead: 'Give the value in the command: NAME=value.',
    },
    {
      programs: ['dialog', 'whiptail', 'zenity', 'kdialog', 'gum choose', 'gum input', 'gum confirm'],
      why: 'asks on the screen',
      instead: 'Give the value in the command.',
    },
    {
      programs: ['fzf'],
      when: (call) => !call.has('-f', '--filter'),
      why: 'asks for a choice',
      instead: 'Use {as} --filter=TEXT, or `grep`.',
    },
  ],
};
