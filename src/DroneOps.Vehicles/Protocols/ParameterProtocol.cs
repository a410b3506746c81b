using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Reads and sets named parameters (MAVLink parameter protocol). One job at a time, the others wait. An autopilot does not answer for
/// a name that it does not have: after three tries the answer is "none". A set is confirmed by its echo only, and the echo is compared, since
/// values out of range are changed without a word.</summary>
internal sealed class ParameterProtocol(Conversation talk)
{
    private readonly Queue<Job> _jobs = new();
    private readonly Dictionary<string, MavParamType> _types = new(StringComparer.Ordinal);
    private Job? _job;

    private sealed class Job(int ticket, IReadOnlyList<string> names, double? newValue, Action<IReadOnlyDictionary<string, ParameterValue?>>? read)
    {
        public int Ticket { get; } = ticket;

        public IReadOnlyList<string> Names { get; } = names;

        /// <summary>What the (one) parameter is to become; null where it is only read.</summary>
        public double? NewValue { get; } = newValue;

        public Action<IReadOnlyDictionary<string, ParameterValue?>>? Read { get; } = read;

        public Dictionary<string, ParameterValue?> Values { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, (int Tries, DateTimeOffset NextAt)> Open { get; } = new(StringComparer.Ordinal);

        public int Next { get; set; }

        public bool Setting { get; set; }

        public int SetTries { get; set; }

        public DateTimeOffset NextSetAt { get; set; }
    }

    /// <summary>Reads for the owner.</summary>
    public int BeginRead(IReadOnlyList<string> names)
    {
        var ticket = talk.NextTicket();
        if (talk.Obstacle() is not null || !TryAdd(new(ticket, Known(names), newValue: null, read: null)))
            talk.Tell(new VehicleFact.ParametersRead(talk.Now, ticket, Known(names).ToDictionary(n => n, _ => (ParameterValue?)null, StringComparer.Ordinal)));
        return ticket;
    }

    /// <summary>Sets for the owner.</summary>
    public int BeginSet(string name, double value)
    {
        var ticket = talk.NextTicket();
        ParameterSetResult? refused = null;
        if (talk.Obstacle() is { } obstacle)
            refused = new ParameterSetResult.NotStarted(obstacle.Reason, obstacle.Note);
        else if (!double.IsFinite(value) || name.Length is 0 or > 16)
            refused = new ParameterSetResult.NotStarted(NotSentReason.BadValue, "the name or the value cannot be sent");
        else if (!TryAdd(new(ticket, [name], value, read: null)))
            refused = new ParameterSetResult.NotStarted(NotSentReason.QueueFull, "too many parameter jobs wait");
        if (refused is not null)
            talk.Tell(new VehicleFact.ParameterSet(talk.Now, ticket, name, refused));
        return ticket;
    }

    /// <summary>Reads for ourselves.</summary>
    public bool TryRead(IReadOnlyList<string> names, Action<IReadOnlyDictionary<string, ParameterValue?>> read) =>
        TryAdd(new(ticket: 0, Known(names), newValue: null, read));

    public void OnValue(in ParamValue message, DateTimeOffset at)
    {
        if (_job is not { } job)
            return;
        var name = message.ParamId;
        if (!job.Values.ContainsKey(name) && !job.Open.ContainsKey(name))
            return;
        var value = Decode(message);
        if (job.Setting)
        {
            OnEcho(job, name, value, at);
            return;
        }

        if (!job.Open.Remove(name))
            return;
        // A set to the present value is echoed as REAL32 whatever the type; a read tells the type.
        _types[name] = message.ParamType;
        job.Values[name] = value;
        Ask(job);
    }

    public void Tick()
    {
        if (_job is null && _jobs.TryDequeue(out var next))
        {
            _job = next;
            Ask(next);
        }

        if (_job is not { } job)
            return;
        if (job.Setting)
        {
            TrySet(job);
            return;
        }

        foreach (var name in job.Open.Keys.ToArray())
        {
            var (tries, nextAt) = job.Open[name];
            if (talk.Now < nextAt)
                continue;
            if (tries >= talk.Options.ParameterTries)
            {
                job.Open.Remove(name);
                job.Values[name] = null;
            }
            else
            {
                Request(job, name, tries + 1);
            }
        }

        Ask(job);
    }

    private static string[] Known(IReadOnlyList<string> names) => [.. names.Where(n => n.Length is > 0 and <= 16).Distinct(StringComparer.Ordinal)];

    private bool TryAdd(Job job)
    {
        if (talk.Options.ListenOnly || _jobs.Count >= talk.Options.ParameterQueueCapacity)
            return false;
        _jobs.Enqueue(job);
        return true;
    }

    private void Ask(Job job)
    {
        while (job.Open.Count < talk.Options.ParametersInFlight && job.Next < job.Names.Count)
            Request(job, job.Names[job.Next++], tries: 1);
        if (job.Open.Count == 0 && job.Next == job.Names.Count)
            EndReading(job);
    }

    private void Request(Job job, string name, int tries)
    {
        talk.Outbox.TryAdd(new ParamRequestRead
        {
            ParamIndex = -1,
            TargetSystem = talk.Key.SystemId,
            TargetComponent = talk.Component,
            ParamId = name,
        });
        job.Open[name] = (tries, talk.Now + talk.Options.ParameterTimeout);
    }

    private void EndReading(Job job)
    {
        if (job.NewValue is not null)
        {
            if (job.Values[job.Names[0]] is null)
            {
                End(job, new ParameterSetResult.NoSuchParameter());
                return;
            }

            job.Setting = true;
            TrySet(job);
            return;
        }

        _job = null;
        if (job.Read is { } read)
            read(job.Values);
        else
            talk.Tell(new VehicleFact.ParametersRead(talk.Now, job.Ticket, job.Values));
    }

    /// <summary>Setting the same value again changes nothing more, so a set without an echo is repeated.</summary>
    private void TrySet(Job job)
    {
        if (talk.Now < job.NextSetAt)
            return;
        if (job.SetTries++ >= talk.Options.ParameterTries)
        {
            End(job, new ParameterSetResult.Unknown());
            return;
        }

        var name = job.Names[0];
        var type = _types.GetValueOrDefault(name, MavParamType.Real32);
        talk.Outbox.TryAdd(new ParamSet
        {
            ParamValue = Encode(job.NewValue!.Value, type),
            TargetSystem = talk.Key.SystemId,
            TargetComponent = talk.Component,
            ParamId = name,
            ParamType = type,
        });
        job.NextSetAt = talk.Now + talk.Options.ParameterTimeout;
    }

    private void OnEcho(Job job, string name, ParameterValue echo, DateTimeOffset at)
    {
        if (name != job.Names[0])
            return;
        var asked = job.NewValue!.Value;
        talk.Advance(at);
        End(job, (float)asked == (float)echo.Value
            ? new ParameterSetResult.Confirmed(echo.Value)
            : new ParameterSetResult.Adjusted(asked, echo.Value));
    }

    private void End(Job job, ParameterSetResult result)
    {
        _job = null;
        talk.Tell(new VehicleFact.ParameterSet(talk.Now, job.Ticket, job.Names[0], result));
    }

    /// <summary>PX4 puts the bytes of an integer into the float (PARAM_ENCODE_BYTEWISE), ArduPilot its value.</summary>
    private bool IsBytewise => talk.State.Identity is { } identity
        && (identity.Autopilot == MavAutopilot.Px4 || (identity.Capabilities & MavProtocolCapability.ParamEncodeBytewise) != 0);

    /// <summary>What a message says of its parameter.</summary>
    public ParameterValue Decode(in ParamValue message)
    {
        var bits = BitConverter.SingleToUInt32Bits(message.ParamValueValue);
        var value = !IsBytewise ? message.ParamValueValue : message.ParamType switch
        {
            MavParamType.Uint8 => (byte)bits,
            MavParamType.Int8 => unchecked((sbyte)bits),
            MavParamType.Uint16 => (ushort)bits,
            MavParamType.Int16 => unchecked((short)bits),
            MavParamType.Uint32 => bits,
            MavParamType.Int32 => unchecked((int)bits),
            _ => (double)message.ParamValueValue,
        };
        return new(value, message.ParamType);
    }

    private float Encode(double value, MavParamType type)
    {
        if (!IsBytewise || type is MavParamType.Real32 or MavParamType.Real64)
            return (float)value;
        var bits = type is MavParamType.Uint32 ? (uint)Math.Clamp(value, 0, uint.MaxValue) : unchecked((uint)(int)value);
        return BitConverter.UInt32BitsToSingle(bits);
    }
}
