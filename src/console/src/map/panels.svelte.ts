/** How much of the map the open panels cover, pixels: what is centred or fitted keeps clear of them. */
class Panels {
  left = $state(0);
  right = $state(0);
}

export const panels = new Panels();
