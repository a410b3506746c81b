/** Whether this browser can show a picture in a window of its own. */
export const canDetach = (): boolean => document.pictureInPictureEnabled === true;

/** Shows what is on a canvas or in a video in a window of its own; `onreturn` when the person closes it. */
export async function detach(surface: HTMLCanvasElement | HTMLVideoElement, onreturn: () => void): Promise<void> {
  const video = surface instanceof HTMLVideoElement ? surface : await mirror(surface);
  video.addEventListener('leavepictureinpicture', () => {
    if (video !== surface) (video.srcObject as MediaStream).getTracks().forEach((track) => track.stop());
    onreturn();
  }, { once: true });
  await video.requestPictureInPicture();
}

async function mirror(canvas: HTMLCanvasElement): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = canvas.captureStream();
  await video.play();
  return video;
}
