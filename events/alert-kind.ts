/**
 * Which alerts are one: those of one rule about one service, whichever of its instances fired. What an alert says names
 * instances, values and times, so that its labels are asked, and of them only those that say what is watched.
 */

const KINDS_OF_LABEL: readonly (readonly string[])[] = [
  ['namespace', 'kubernetes_namespace'],
  ['environment', 'env', 'deployment_environment'],
  ['service', 'app', 'service_name', 'app_kubernetes_io_name', 'job'],
  ['component', 'deployment', 'statefulset', 'daemonset', 'cronjob', 'container'],
  ['method'],
  ['route', 'path', 'endpoint', 'handler'],
  ['database', 'datname'],
  ['queue', 'topic', 'consumergroup'],
];

interface Told {
  trigger?: string | undefined;
  labels?: Readonly<Record<string, string | undefined>> | undefined;
}

/** In place of the message; undefined for what is no alert, or names no rule of alerting. */
export function alertKind({ trigger, labels }: Told): string | undefined {
  if (trigger !== 'alert' || !labels?.alertname) return undefined;
  return KINDS_OF_LABEL.flatMap((names) => {
    const name = names.find((one) => labels[one]);
    return name === undefined ? [] : [`${names[0]}=${labels[name]}`];
  }).join(' ');
}
