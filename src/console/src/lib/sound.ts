const toneS = 0.18;
const pauseS = 0.1;
let soundsUntil = 0;

/** Notes one after the other, in hertz. One sound at a time: of several that come together the first is heard, and all are seen. */
export function sound(notes: readonly number[]): void {
  if (performance.now() < soundsUntil) return;
  soundsUntil = performance.now() + notes.length * (toneS + pauseS) * 1000;
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
    if (index === notes.length - 1) tone.onended = () => void audio.close();
  }
}
