using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>A parameter as the vehicle told it.</summary>
/// <param name="Value">Its value. ArduPilot sends every type as a 32-bit float, so 11.3 comes as 11.300000190734863.</param>
/// <param name="Type">The type the vehicle keeps it in.</param>
public readonly record struct ParameterValue(double Value, MavParamType Type);

/// <summary>How setting a parameter ended. A closed family.</summary>
public abstract record ParameterSetResult
{
    private ParameterSetResult()
    {
    }

    /// <summary>The vehicle echoed the value.</summary>
    public sealed record Confirmed(double Value) : ParameterSetResult;

    /// <summary>The vehicle took another value: out-of-range values are saturated without a word (300 becomes 127).</summary>
    public sealed record Adjusted(double Asked, double Actual) : ParameterSetResult;

    /// <summary>The vehicle did not answer for that name: it has no such parameter.</summary>
    public sealed record NoSuchParameter : ParameterSetResult;

    /// <summary>The parameter exists, but the new value was not echoed.</summary>
    public sealed record Unknown : ParameterSetResult;

    /// <summary>Nothing was sent.</summary>
    public sealed record NotStarted(NotSentReason Reason, string Note) : ParameterSetResult;
}
