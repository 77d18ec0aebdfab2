import { ciFailureId } from '../../../events/ci/ci-failure.ts';
import { redactStrings } from '../../../events/redact-strings.ts';
import { readCiReport } from '../../../events/sources/github.ts';
import { deployment } from '../github/deployment.ts';
import { leaveOut } from '../github/leave-out.ts';
import { bodySignature } from '../proofs/body-signature.ts';
import type { Source } from '../source.ts';

/** Failed runs of GitHub Actions and other checks, and deploys: docs/sources/github.md, docs/watching.md. */
export const github: Source = {
  name: 'github',
  proofs: [bodySignature('GITHUB_WEBHOOK_SECRET', 'X-Hub-Signature-256')],
  deliveryId: (headers) => headers['x-github-delivery'],
  handshake: (headers) => (headers['x-github-event'] === 'ping' ? { answer: 'pong' } : undefined),
  async errands(text, headers, asked) {
    const deployed = await deployment(text, headers, asked);
    if (deployed !== undefined) return deployed;
    const report = readCiReport(text, headers);
    if (report === undefined || report.notActionable !== undefined) return { errands: [], left_out: [] };
    const { failure } = report;
    const why = await leaveOut(failure, asked);
    if (why !== undefined) return { errands: [], left_out: [why] };
    const payload = redactStrings(failure, { ips: asked.config.intake.redact_ips });
    return { errands: [{ id: ciFailureId(failure), kind: 'github', payload }], left_out: [] };
  },
};
