import { readStored, writeStored } from '$lib/stored';

/** Whether figures stand in the pictures: one choice for all of them. */
class OnScreen {
  #shown = $state(readStored('video.data') !== 'off');

  get shown(): boolean { return this.#shown; }
  set shown(value: boolean) {
    this.#shown = value;
    writeStored('video.data', value ? 'on' : 'off');
  }
}

export const onScreen = new OnScreen();
