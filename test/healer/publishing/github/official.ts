/**
 * GitHub's own description of its answers (the OpenAPI document behind Octokit's types), so that the compiler refuses a
 * field of the loopback GitHub that the real one does not have, or has in another type.
 */
import type { Octokit } from '@octokit/core';

declare const octokit: Octokit;

/** Some of the fields of the answer to a route such as `GET /repos/{owner}/{repo}/pulls`. */
export type Official<Route extends string> = Some<Awaited<ReturnType<typeof octokit.request<Route>>>['data']>;

type Some<T> = T extends (infer Item)[] ? Some<Item>[] : T extends object ? { [Key in keyof T]?: Some<T[Key]> } : T;
