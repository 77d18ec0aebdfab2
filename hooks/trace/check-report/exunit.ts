/** ExUnit (`mix test`). */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const SUMMARY = /^(?:\d+ (?:doctests?|tests?|propert(?:y|ies)|features?), ){1,4}(\d+) failures?(?:, |$)/;
const NAMED = /^\s{1,6}\d+\) ((?:test|doctest|property|feature) .+ \([\w.]+\))$/;

export const readExunit: ReadsReport = (lines) => {
  const failures = counted(lines, SUMMARY);
  return failures === null ? null : { failing: withUnnamed(failures === 0 ? [] : named(lines, NAMED), failures) };
};
