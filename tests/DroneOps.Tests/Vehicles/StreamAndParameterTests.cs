using System.Text;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

public sealed class StreamAndParameterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly StreamRate[] ThreeStreams = [new(Attitude.MsgId, 4), new(CurrentMode.MsgId, 1), new(GpsRawInt.MsgId, 1)];

    [Fact]
    public void The_streams_are_asked_for_after_discovery_a_few_at_a_time()
    {
        Bench bench = new(new VehicleOptions { AuditFailsafes = false, FindVideo = false });
        bench.Beat();
        bench.Run(TimeSpan.FromMilliseconds(500));
        Assert.Equal(3, bench.SentCommands(MavCmd.SetMessageInterval).Count);

        AnswerStreams(bench);
        bench.Run(5 * Second);

        var asked = bench.SentCommands(MavCmd.SetMessageInterval);
        Assert.Contains(asked, c => c.Param1 == Attitude.MsgId && c.Param2 == 250_000);
        Assert.Contains(asked, c => c.Param1 == EkfStatusReport.MsgId);
        Assert.DoesNotContain(asked, c => c.Param1 == EstimatorStatus.MsgId);
        Assert.Contains(asked, c => c.Param1 == Wind.MsgId);
        Assert.DoesNotContain(asked, c => c.Param1 == WindCov.MsgId);
        Assert.Contains(asked, c => c.Param1 == Heartbeat.MsgId && c.Param2 < 200_000);
        Assert.Equal(15, asked.Select(c => c.Param1).Distinct().Count());
    }

    [Fact]
    public void A_refused_stream_is_found_among_several_and_not_asked_for_again()
    {
        Bench bench = new(new VehicleOptions { Streams = ThreeStreams, AuditFailsafes = false, FindVideo = false });
        AnswerStreams(bench, refused: CurrentMode.MsgId);
        bench.Beat();
        bench.Run(3 * Second);
        bench.Sent.Clear();

        Reboot(bench);
        bench.Run(3 * Second);

        Assert.Equal([Attitude.MsgId, GpsRawInt.MsgId], bench.SentCommands(MavCmd.SetMessageInterval).Select(c => (uint)c.Param1));
    }

    [Fact]
    public void Silent_streams_are_asked_for_again_ever_more_seldom()
    {
        Bench bench = new(new VehicleOptions { Streams = ThreeStreams, AuditFailsafes = false, FindVideo = false });
        AnswerStreams(bench);
        bench.Beat();
        bench.Run(120 * Second);

        Assert.InRange(bench.SentCommands(MavCmd.SetMessageInterval).Count, 3 * 4, 3 * 7);
    }

    [Fact]
    public void Running_streams_are_left_alone()
    {
        Bench bench = new(new VehicleOptions { Streams = ThreeStreams, AuditFailsafes = false, FindVideo = false });
        AnswerStreams(bench);
        var ms = 1000u;
        bench.OnStep = _ => bench.Receive(new Attitude { TimeBootMs = ms += 20 });
        bench.Beat();
        bench.Run(60 * Second);

        Assert.Equal(3, bench.SentCommands(MavCmd.SetMessageInterval).Count);
    }

    [Fact]
    public void An_unanswered_stream_is_asked_for_again_later()
    {
        Bench bench = new(new VehicleOptions { Streams = ThreeStreams, AuditFailsafes = false, FindVideo = false });
        var ms = 1000u;
        bench.OnStep = _ => bench.Receive(new Attitude { TimeBootMs = ms += 20 });
        bench.Beat();
        bench.Run(5 * Second);
        AnswerStreams(bench);
        bench.Run(20 * Second);
        bench.Sent.Clear();
        bench.Run(30 * Second);

        Assert.Empty(bench.SentCommands(MavCmd.SetMessageInterval));
    }

    [Fact]
    public void Parameters_are_read_by_name_and_an_unknown_name_is_null()
    {
        var bench = Bench.WithCopter();
        bench.OnSent = message =>
        {
            if (message.Is<ParamRequestRead>() && message.Decode<ParamRequestRead>() is { ParamId: "BATT_LOW_VOLT", ParamIndex: -1 })
                bench.Reply(Value("BATT_LOW_VOLT", 11.3f, MavParamType.Real32));
        };

        var ticket = bench.Vehicle.BeginReadParameters(["BATT_LOW_VOLT", "NO_SUCH"], bench.Now);
        bench.Run(5 * Second);

        var read = Assert.Single(bench.Facts.OfType<VehicleFact.ParametersRead>());
        Assert.Equal(ticket, read.Ticket);
        Assert.Equal(11.300000190734863, read.Values["BATT_LOW_VOLT"]!.Value.Value);
        Assert.Null(read.Values["NO_SUCH"]);
        Assert.Equal(3, bench.SentOf<ParamRequestRead>().Count(p => p.ParamId == "NO_SUCH"));
    }

    [Fact]
    public void A_set_is_confirmed_by_its_echo_and_a_changed_value_is_told()
    {
        var bench = Bench.WithCopter();
        bench.OnSent = message =>
        {
            if (message.Is<ParamRequestRead>())
                bench.Reply(Value(message.Decode<ParamRequestRead>().ParamId, 1, MavParamType.Int8));
            else if (message.Is<ParamSet>())
                bench.Reply(Value(message.Decode<ParamSet>().ParamId, Math.Min(127, message.Decode<ParamSet>().ParamValue), MavParamType.Real32));
        };

        bench.Vehicle.BeginSetParameter("FENCE_ACTION", 2, bench.Now);
        bench.Vehicle.BeginSetParameter("FENCE_ACTION", 300, bench.Now);
        bench.Run(5 * Second);

        var results = bench.Facts.OfType<VehicleFact.ParameterSet>().Select(s => s.Result).ToList();
        Assert.Equal(new ParameterSetResult.Confirmed(2), results[0]);
        Assert.Equal(new ParameterSetResult.Adjusted(300, 127), results[1]);
        Assert.All(bench.SentOf<ParamSet>(), s => Assert.Equal(MavParamType.Int8, s.ParamType));
    }

    [Fact]
    public void An_unknown_parameter_is_not_set()
    {
        var bench = Bench.WithCopter();

        bench.Vehicle.BeginSetParameter("NO_SUCH", 2, bench.Now);
        bench.Run(5 * Second);

        Assert.IsType<ParameterSetResult.NoSuchParameter>(Assert.Single(bench.Facts.OfType<VehicleFact.ParameterSet>()).Result);
        Assert.Empty(bench.SentOf<ParamSet>());
    }

    [Fact]
    public void An_integer_of_a_px4_is_its_bytes()
    {
        Bench bench = new() { Autopilot = MavAutopilot.Px4 };
        bench.OnSent = message =>
        {
            if (message.Is<ParamRequestRead>())
                bench.Reply(Value("NAV_DLL_ACT", BitConverter.Int32BitsToSingle(2), MavParamType.Int32));
            else if (message.Is<ParamSet>())
                bench.Reply(Value("NAV_DLL_ACT", message.Decode<ParamSet>().ParamValue, MavParamType.Int32));
        };
        bench.Beat();

        bench.Vehicle.BeginSetParameter("NAV_DLL_ACT", -3, bench.Now);
        bench.Run(Second);

        Assert.Equal(-3, BitConverter.SingleToInt32Bits(Assert.Single(bench.SentOf<ParamSet>()).ParamValue));
        Assert.Equal(new ParameterSetResult.Confirmed(-3), Assert.Single(bench.Facts.OfType<VehicleFact.ParameterSet>()).Result);
    }

    [Fact]
    public void A_text_in_chunks_is_put_together_even_where_a_character_is_split()
    {
        var bench = Bench.WithCopter();
        var bytes = Encoding.UTF8.GetBytes(new string('x', 49) + "漳州 old city");
        Chunk(bench, id: 7, chunk: 0, bytes.AsSpan(0, 50));
        Chunk(bench, id: 7, chunk: 1, bytes.AsSpan(50));

        Assert.Equal(new string('x', 49) + "漳州 old city", Assert.Single(bench.Facts.OfType<VehicleFact.TextReceived>()).Text);
    }

    [Fact]
    public void A_missing_chunk_is_shown_as_missing()
    {
        var bench = Bench.WithCopter();
        Chunk(bench, id: 7, chunk: 0, Encoding.UTF8.GetBytes(new string('a', 50)));
        Chunk(bench, id: 7, chunk: 2, "end"u8);
        Assert.Empty(bench.Facts.OfType<VehicleFact.TextReceived>());

        bench.Run(2 * Second);

        Assert.Equal(new string('a', 50) + "…end", Assert.Single(bench.Facts.OfType<VehicleFact.TextReceived>()).Text);
    }

    private static void AnswerStreams(Bench bench, uint refused = uint.MaxValue) => bench.OnSent = message =>
    {
        if (!message.Is<CommandLong>() || message.Decode<CommandLong>() is not { Command: MavCmd.SetMessageInterval } command)
            return;
        bench.Ack(command.Command, (uint)command.Param1 == refused ? MavResult.Denied : MavResult.Accepted);
    };

    private static void Reboot(Bench bench)
    {
        var heartbeat = bench.Heartbeat();
        heartbeat.SystemStatus = MavState.Boot;
        bench.Receive(heartbeat);
        bench.Beat();
    }

    internal static ParamValue Value(string name, float value, MavParamType type) => new()
    {
        ParamId = name,
        ParamValueValue = value,
        ParamType = type,
        ParamIndex = ushort.MaxValue,
        ParamCount = 1349,
    };

    private static void Chunk(Bench bench, ushort id, byte chunk, ReadOnlySpan<byte> text)
    {
        // The payload is put together by hand: half a character is no string.
        Span<byte> frame = stackalloc byte[DroneOps.Mavlink.MavlinkFrame.MaxLength];
        Statustext message = new() { Severity = MavSeverity.Warning, Id = id, ChunkSeq = chunk };
        Span<byte> payload = stackalloc byte[Statustext.MaxLength];
        message.Encode(payload);
        text.CopyTo(payload[1..]);
        var length = DroneOps.Mavlink.FrameWriter.Write(frame, Statustext.Decode(payload), new(1, 1), 0);
        bench.Receive(frame[..length]);
    }
}
