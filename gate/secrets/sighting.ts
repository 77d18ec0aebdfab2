/** What a rule saw in a text. */
export interface Sighting {
  /** In snake_case, such as `github_token`, `email`. */
  kind: string;
  /** UTF-16 units from the start; `end` is exclusive. */
  start: number;
  end: number;
  /** Known by its own shape, not by the name it is assigned to. */
  sure: boolean;
}
