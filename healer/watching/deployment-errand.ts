/** Keeps what GitHub told of a deploy, for every watch that it may begin. */
import { saveDeployment } from '../../store/deployments.ts';
import type { ErrandRunner } from '../intake/errands.ts';
import { DEPLOYMENT, deploymentSchema } from '../intake/github/deployment.ts';
import type { Intake } from '../intake/receive.ts';

export function deploymentRunner({ bench }: Pick<Intake, 'bench'>): ErrandRunner {
  return {
    kind: DEPLOYMENT,
    async run({ id, payload }) {
      const { time, ...told } = deploymentSchema.parse(payload);
      const now = bench.now().toISOString();
      saveDeployment(bench.db, { id, ...told, at: time !== undefined && time < now ? time : now });
      return { outcome: 'done' };
    },
    async giveUp() {},
  };
}
