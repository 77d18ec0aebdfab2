/** Installs a sample as its README says, without a network: what npm and pip leave on disk, laid out as they do. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const manifestSchema = z.object({ name: z.string() });

/** `npm install`: a link per workspace. The development packages are linked already. */
export async function installWorkspaces(root: string): Promise<void> {
  for (const folder of await readdir(join(root, 'packages'))) {
    const { name } = manifestSchema.parse(
      JSON.parse(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8')),
    );
    const [scope = ''] = name.split('/');
    await mkdir(join(root, 'node_modules', scope), { recursive: true });
    await symlink(join('..', '..', 'packages', folder), join(root, 'node_modules', name));
  }
}

/** `python3 -m venv .venv && .venv/bin/pip install -e .`, as pip 26 with setuptools 80 writes it for a `src/` layout. */
export async function installEditable(root: string): Promise<void> {
  await promisify(execFile)('python3', ['-m', 'venv', '--system-site-packages', '--without-pip', '.venv'], {
    cwd: root,
  });
  const [version = ''] = await readdir(join(root, '.venv', 'lib'));
  const site = join(root, '.venv', 'lib', version, 'site-packages');
  await writeFile(join(site, '__editable__.parcels-1.7.0.pth'), `${root}/src`);
  const metadata = join(site, 'parcels-1.7.0.dist-info');
  await mkdir(metadata);
  const files = {
    INSTALLER: 'pip\n',
    METADATA: 'Metadata-Version: 2.4\nName: parcels\nVersion: 1.7.0\n',
    WHEEL: 'Wheel-Version: 1.0\nGenerator: setuptools (80.9.0)\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'direct_url.json': JSON.stringify({ dir_info: { editable: true }, url: `file://${root}` }),
    'entry_points.txt': '[console_scripts]\nparcels-serve = parcels.server:main\n',
    'top_level.txt': 'parcels\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(metadata, name), text);
  const script = join(root, '.venv', 'bin', 'parcels-serve');
  await writeFile(
    script,
    `#!${root}/.venv/bin/python\nimport sys\nfrom parcels.server import main\nsys.exit(main())\n`,
  );
  await chmod(script, 0o755);
}
