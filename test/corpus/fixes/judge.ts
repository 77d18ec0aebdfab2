/** Brings cases before the real gate: a repository for each subject, a worktree for each case. */
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Law, readLaw } from '../../../context/law.ts';
import { digestMainCheckout, type MainDigest } from '../../../gate/main-checkout.ts';
import { type VerifyOutcome, verify } from '../../../gate/verify.ts';
import { freshFolder, run, type Sample, sampleRepository } from '../../healer/sample-repository.ts';
import { write } from '../../write.ts';
import type { Files, FixCase, Subject } from './fix-case.ts';

export class Court {
  private readonly subject: Subject;
  private readonly kept = new Map<string, unknown>();
  private stage: Promise<{ sample: Sample; law: Law; digest: MainDigest; links: string[] }> | undefined;

  constructor(subject: Subject) {
    this.subject = subject;
  }

  async judge(one: FixCase): Promise<VerifyOutcome> {
    this.stage ??= this.open();
    const { sample, law, digest, links } = await this.stage;
    const { subject } = this;
    const worktree = freshFolder('worktree');
    run(sample.root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
    for (const link of links)
      if (!existsSync(join(worktree, link))) symlinkSync(join(sample.root, link), join(worktree, link));
    put(worktree, { ...(one.alone ? {} : subject.honest), ...one.files });
    one.also?.(worktree);
    const diagnosis = one.diagnosis === null ? undefined : { ...subject.diagnosis, ...one.diagnosis };
    try {
      return await verify({
        repository: sample.repository,
        law,
        base: sample.base,
        folder: worktree,
        incident: { id: subject.incident, event: subject.event },
        ...(diagnosis && { diagnosis }),
        main: { digest, links },
        // Only what ran on the base, which is the same for every case, is taken from here.
        cache: { get: (key) => this.kept.get(key), set: (key, value) => void this.kept.set(key, value) },
        iteration: 1,
      });
    } finally {
      run(sample.root, 'worktree', 'remove', '--force', worktree);
    }
  }

  private async open() {
    const { subject } = this;
    const sample = await sampleRepository(subject.files);
    const packages = Object.entries(subject.packages ?? {});
    for (const [link, to] of packages) symlinkSync(to, join(sample.root, link));
    const links = packages.map(([link]) => link);
    const law = await readLaw(sample.repository, { commit: sample.base });
    return { sample, law, digest: await digestMainCheckout(sample.repository, { links }), links };
  }
}

function put(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) rmSync(join(folder, path), { recursive: true, force: true });
    else write(folder, { [path]: text });
  }
}
