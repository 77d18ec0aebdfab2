/** What a linter, type checker or compiler says about one place. */
export interface Diagnostic {
  file: string;
  line?: number;
  column?: number;
  code?: string;
  message: string;
}
