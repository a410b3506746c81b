/** What can be told by ear: how high, and how often in a row, in hertz. The first matters least. A call rises, as no alarm does. */
const tones = {
  pictureStopped: [520, 520],
  advisory: [440],
  call: [523, 784],
  caution: [620, 620],
  urgentCall: [523, 784, 523, 784],
  warning: [880, 880, 880],
} as const;

export type Sound = keyof typeof tones;

const order = Object.keys(tones) as Sound[];
const toneS = 0.18;
const pauseS = 0.1;
let playing: Sound | null = null;
const waiting = new Set<Sound>();

/** Sounds do not mix: what comes while another is heard waits for its end, what matters most first. Of several of a kind that come together one is heard. */
export function sound(name: Sound): void {
  if (playing === name) return;
  if (playing !== null) waiting.add(name);
  else play(name);
}

function play(name: Sound): void {
  playing = name;
  const notes = tones[name];
  const audio = new AudioContext();
  for (const [index, hertz] of notes.entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + index * (toneS + pauseS);
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.12, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + toneS);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + toneS);
  }
  // By the clock: a browser that nobody has touched yet plays nothing, and never says that it has ended.
  setTimeout(() => {
    void audio.close();
    playing = null;
    const next = order.findLast((other) => waiting.delete(other));
    if (next) play(next);
  }, notes.length * (toneS + pauseS) * 1000);
}
