namespace DroneOps.Simulator.Airframe;

/// <summary>A vector in metres, m/s or m/s², north-east-down, in the local frame of one vehicle's home.</summary>
internal readonly record struct Ned(double North, double East, double Down)
{
    public static readonly Ned Zero;

    public double Horizontal => Math.Sqrt((North * North) + (East * East));

    public double Length => Math.Sqrt((North * North) + (East * East) + (Down * Down));

    public static Ned operator +(Ned a, Ned b) => new(a.North + b.North, a.East + b.East, a.Down + b.Down);

    public static Ned operator -(Ned a, Ned b) => new(a.North - b.North, a.East - b.East, a.Down - b.Down);

    public static Ned operator *(Ned a, double k) => new(a.North * k, a.East * k, a.Down * k);

    /// <summary>The same direction over ground, no longer than the limit; the vertical part stays.</summary>
    public Ned LimitHorizontal(double limit)
    {
        var length = Horizontal;
        return length <= limit ? this : new(North * limit / length, East * limit / length, Down);
    }
}
