/** One second hand for the whole console: ages and clocks move together, and nothing else keeps a timer for them. */
class Clock {
  #now = $state(Date.now());

  constructor() {
    const beat = (): void => {
      this.#now = Date.now();
      setTimeout(beat, 1000 - (Date.now() % 1000));
    };
    setTimeout(beat, 1000 - (Date.now() % 1000));
  }

  get now(): number {
    return this.#now;
  }
}

export const clock = new Clock();
