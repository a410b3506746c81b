using System.Collections.Concurrent;

namespace DroneOps.Simulator.Camera;

/// <summary>The painted squares of one map in one palette, shared by all cameras. Bounded: when it is full, the half that nobody has looked at for
/// longest is forgotten, and painted again when somebody does.</summary>
internal sealed class TileStore(CityMap map, Palette palette, int capacity)
{
    private readonly ConcurrentDictionary<(int Level, int X, int Y), GroundTile> _tiles = [];
    private readonly Lock _painting = new();
    private readonly TilePainter _painter = new(map, palette);
    private long _pictures;

    public CityMap Map => map;

    public Palette Palette => palette;

    /// <summary>Begins a picture: what is looked at from now on is newer.</summary>
    public long NextPicture() => Interlocked.Increment(ref _pictures);

    public GroundTile? Find(int level, int x, int y) => _tiles.GetValueOrDefault((level, x, y));

    public GroundTile Paint(int level, int x, int y)
    {
        lock (_painting)
        {
            if (Find(level, x, y) is { } painted)
                return painted;
            if (_tiles.Count >= capacity)
            {
                foreach (var old in _tiles.Values.OrderBy(tile => tile.LastUsed).Take(capacity / 2))
                    _tiles.TryRemove((old.Level, old.X, old.Y), out _);
            }

            var tile = _painter.Paint(level, x, y);
            tile.LastUsed = _pictures;
            _tiles[(level, x, y)] = tile;
            return tile;
        }
    }
}
