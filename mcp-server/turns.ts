/** Calls that change something take turns. One that waits for a person steps aside, and takes its turn again afterwards. */

export interface Turn {
  /** Lets the other calls pass while `wait` lasts. */
  aside<T>(wait: () => Promise<T>): Promise<T>;
}

export class Turns {
  private last: Promise<void> = Promise.resolve();

  async take<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    let end = await this.next();
    const aside = async <W>(wait: () => Promise<W>): Promise<W> => {
      end();
      try {
        return await wait();
      } finally {
        end = await this.next();
      }
    };
    try {
      return await work({ aside });
    } finally {
      end();
    }
  }

  /** Resolves when one's turn has come, with what ends it. */
  private async next(): Promise<() => void> {
    const before = this.last;
    let end = (): void => {};
    this.last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }
}
