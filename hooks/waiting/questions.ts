/** Programs that ask before they act, unless an option says yes in advance. */
import { type Call, type Family, named } from './rule.ts';

const yes = (call: Call) => call.has('-y', '--yes', '--assume-yes', '--non-interactive', '--no-interaction');

export const QUESTIONS: Family = {
  kind: 'person',
  answerable: true,
  rules: [
    {
      programs: ['npm init', 'npm create', 'npm innit', 'yarn init', 'yarn create', 'pnpm create'],
      valued: ['-w', '--workspace', '--prefix', '--cwd'],
      when: (call) => !yes(call) && !(call.invocation.args.includes('-2') && call.operands.length === 0),
      why: 'asks for the details of a new package',
      instead: 'Use {as} --yes.',
    },
    {
      programs: named(`
        create-react-app, create-next-app, create-vite, create-vue, create-svelte, create-remix, create-astro,
        create-expo-app, create-t3-app, create-turbo, create-nx-workspace, create-nuxt, create-solid,
        create-docusaurus, create-eslint, create-hono, create-electron-app
      `),
      when: (call) => !yes(call) && !/ (-y|--yes)( |$)/.test(call.invocation.as),
      why: 'asks for the details of a new project',
      instead: 'Use `npx --yes` with every choice as an option.',
    },
    {
      programs: ['eslint', 'jest', 'stylelint'],
      when: (call) => call.has('--init'),
      why: 'asks how it should be set up',
      instead: 'Write the configuration file.',
    },
    {
      programs: named('poetry init, composer init, ng new, bower init, firebase init, cargo generate, sls create'),
      when: (call) => !yes(call) && !call.has('-n', '--defaults', '--silent'),
      why: 'asks for the details of a new project',
      instead: 'Use its option for no questions (--no-interaction, --defaults), or write the file.',
    },
    {
      programs: ['apt-get', 'apt', 'aptitude', 'dnf', 'yum', 'microdnf'],
      valued: ['-o', '-c', '-t', '--target-release'],
      when: (call) =>
        /^(install|remove|purge|upgrade|dist-upgrade|full-upgrade|autoremove|reinstall|erase|update|build-dep)$/.test(
          call.operands[0] ?? '',
        ) &&
        !(call.operands[0] === 'update' && call.invocation.program.startsWith('apt')) &&
        !yes(call) &&
        !call.has('-qq', '-s', '--simulate', '--dry-run', '--just-print', '--assumeno', '-d', '--download-only'),
      why: 'asks before it changes packages',
      instead: 'Use {as} -y ….',
    },
    {
      programs: ['pacman', 'yay', 'paru'],
      when: (call) => call.args.some((arg) => /^-(S(?![sigpl])|R|U)/.test(arg)) && !call.has('--noconfirm', '-p'),
      why: 'asks before it changes packages',
      instead: 'Use {as} --noconfirm ….',
    },
    {
      programs: ['zypper install', 'zypper in', 'zypper remove', 'zypper rm', 'zypper update', 'zypper up'],
      when: (call) => !yes(call) && !call.has('-n'),
      why: 'asks before it changes packages',
      instead: 'Use `zypper --non-interactive …`.',
    },
    {
      programs: named(`
        conda install, conda create, conda remove, conda update, conda env remove, mamba install, mamba create,
        pip uninstall, uv pip uninstall, gem uninstall, flatpak install
      `),
      valued: ['-n', '--name', '-p', '--prefix', '-c', '--channel', '-r', '--requirement'],
      when: (call) =>
        !yes(call) && !call.has('--dry-run', '-x', '-a', '--json') && call.invocation.as.startsWith('uv') === false,
      why: 'asks before it acts',
      instead: 'Use {as} -y ….',
    },
    {
      programs: ['rm', 'cp', 'mv', 'ln'],
      valued: ['-t', '--target-directory', '-S', '--suffix'],
      when: (call) => call.has('-i', '-I', '--interactive') && !call.has('-f', '--force', '--interactive=never'),
      why: 'asks about every file',
      instead: 'Use {as} without -i.',
    },
    {
      programs: ['xargs'],
      when: (call) => call.has('-p', '--interactive') && !call.operands.length,
      why: 'asks before every command',
      instead: 'Use {as} without -p.',
    },
    {
      programs: ['find'],
      when: (call) => call.args.some((arg) => /^-ok(dir)?$/.test(arg)),
      why: 'asks before every command (-ok)',
      instead: 'Use -exec instead of -ok.',
    },
    {
      programs: ['ssh-keygen'],
      valued: ['-f', '-N', '-t', '-b', '-C', '-P', '-m', '-O', '-s', '-I', '-n', '-V', '-Y'],
      when: (call) => !call.has('-f', '-A', '-Y', '-R', '-F'),
      why: 'asks where to save the key, and for a passphrase',
      instead: "Use {as} -t ed25519 -N '' -f FILE.",
    },
    {
      programs: ['terraform apply', 'terraform destroy', 'tofu apply', 'tofu destroy', 'terragrunt apply'],
      when: (call) => !call.args.some((arg) => /^--?auto-approve(=true)?$/.test(arg)) && call.operands.length === 0,
      why: 'asks for a yes',
      instead: 'Use `terraform plan`; applying is a person’s decision.',
    },
    {
      programs: ['pulumi up', 'pulumi destroy', 'pulumi refresh'],
      when: (call) => !yes(call) && !call.has('-f', '--preview-only'),
      why: 'asks for a yes',
      instead: 'Use `pulumi preview`; applying is a person’s decision.',
    },
    {
      programs: named(`
        docker system prune, docker image prune, docker container prune, docker volume prune,
        docker network prune, docker builder prune
      `),
      when: (call) => !call.has('-f', '--force'),
      why: 'asks for a yes',
      instead: 'Use {as} --force.',
    },
    {
      programs: ['python', 'django-admin', 'manage.py'],
      when: (call) => {
        const task = call.invocation.program === 'python' ? call.operands.slice(1) : call.operands;
        const django = call.invocation.program !== 'python' || /(^|\/)manage\.py$/.test(call.operands[0] ?? '');
        return (
          django &&
          /^(createsuperuser|changepassword|flush|collectstatic)$/.test(task[0] ?? '') &&
          !call.has('--noinput', '--no-input')
        );
      },
      why: 'runs a task that asks',
      instead: 'Add --noinput.',
    },
    {
      programs: ['prisma migrate dev', 'prisma migrate reset'],
      when: (call) => !call.has('-f', '--force', '--create-only'),
      why: 'asks, and refuses to work without a terminal',
      instead: 'Use `npx prisma migrate deploy`.',
    },
    {
      programs: ['dpkg-reconfigure', 'mysql_secure_installation'],
      when: (call) => !call.args.join(' ').includes('noninteractive'),
      why: 'asks on the screen',
      instead: 'Leave setting up the machine to a person.',
    },
    {
      programs: ['make menuconfig', 'make nconfig', 'make xconfig', 'make config', 'make oldconfig'],
      why: 'asks on the screen',
      instead: 'Use `make olddefconfig`.',
    },
  ],
};
