using System.Diagnostics.CodeAnalysis;

namespace DroneOps.Missions;

/// <summary>One thing that is wrong with an input: a drawn shape, a setting or a file.</summary>
/// <param name="Code">A stable machine-readable name, for example <c>area.selfCrossing</c>; the console translates by it.</param>
/// <param name="Where">Where it is wrong: a JSON path (<c>$.mission.items[3].params[4]</c>), <c>line 7, column 9</c>, or a
/// vertex (<c>outer[2]</c>).</param>
/// <param name="Message">What is wrong, in English, with the value that was found.</param>
public sealed record InputFault(string Code, string Where, string Message)
{
    /// <summary>The place and the message on one line.</summary>
    public override string ToString() => $"{Where}: {Message}";
}

/// <summary>Either a value that passed every check or the list of what is wrong with it; never half of each.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed class Validated<T>
    where T : class
{
    private readonly T? _value;

    internal Validated(T value) => (_value, Faults) = (value, []);

    internal Validated(IReadOnlyList<InputFault> faults) => Faults = faults;

    /// <summary>What is wrong; empty when there is a value.</summary>
    public IReadOnlyList<InputFault> Faults { get; }

    /// <summary>Whether there is a value.</summary>
    public bool IsValid => _value is not null;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message lists the faults.</exception>
    public T Value => _value ?? throw new InvalidOperationException(string.Join(Environment.NewLine, Faults));

    /// <summary>Gives the value if there is one.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = _value;
        return _value is not null;
    }

    internal static Validated<T> Wrong(string code, string where, string message) => new([new(code, where, message)]);
}
