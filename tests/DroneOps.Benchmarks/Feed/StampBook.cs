namespace DroneOps.Benchmarks.Feed;

/// <summary>When each position and each change of mode was handed to the network. A position carries its number in its height above
/// home, in millimetres, so that whoever sees it in a snapshot knows which frame it came from.</summary>
/// <remarks>The number of a vehicle's n-th position is n times the vehicles plus the vehicle, modulo the book's length: the vehicle can
/// be read from it, and it comes again only after half a minute.</remarks>
internal sealed class StampBook
{
    private readonly long[] _positions;
    private readonly long[] _modes;

    public StampBook(int vehicles)
    {
        Vehicles = vehicles;
        _positions = new long[vehicles * (65_000 / vehicles)];
        _modes = new long[vehicles];
    }

    /// <summary>How many vehicles write in it.</summary>
    public int Vehicles { get; }

    /// <summary>Notes that a vehicle's n-th position leaves now.</summary>
    /// <returns>Its number, to be sent as its height above home in millimetres.</returns>
    public int NotePosition(int vehicle, long n)
    {
        var number = (int)((n * Vehicles + vehicle) % _positions.Length);
        Volatile.Write(ref _positions[number], TimeProvider.System.GetTimestamp());
        return number;
    }

    /// <summary>Notes that a vehicle says now that it has changed its mode.</summary>
    public void NoteMode(int vehicle) => Volatile.Write(ref _modes[vehicle], TimeProvider.System.GetTimestamp());

    /// <summary>The vehicle whose position a number is; -1 where it is none.</summary>
    public int VehicleOf(int number) => number >= 0 && number < _positions.Length ? number % Vehicles : -1;

    /// <summary>Since a position was sent.</summary>
    public TimeSpan AgeOfPosition(int number) => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _positions[number]));

    /// <summary>Since a vehicle last changed its mode.</summary>
    public TimeSpan AgeOfMode(int vehicle) => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _modes[vehicle]));
}
