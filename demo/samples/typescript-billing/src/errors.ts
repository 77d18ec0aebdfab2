/** An error that the client caused and may read. */
export class BillingError extends Error {
  override name = 'BillingError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
