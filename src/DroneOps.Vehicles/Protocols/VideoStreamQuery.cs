using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Finds the video streams of a vehicle: asks its autopilot, which answers in its own name for a camera that it drives, and each camera that
/// beats its own heart, for VIDEO_STREAM_INFORMATION (MAVLink's camera protocol v2). To ask changes nothing on board, so what is not answered is
/// asked again a few times.</summary>
internal sealed class VideoStreamQuery(Conversation talk, CommandProtocol commands)
{
    private const int Tries = 3;
    private const int MostCameras = 7; // the autopilot and MAV_COMP_ID_CAMERA to MAV_COMP_ID_CAMERA6
    private const int MostStreams = 8; // of one camera
    private static readonly VehicleCommand AskAutopilot = new VehicleCommand.RequestMessage(VideoStreamInformation.MsgId);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<byte, Asked> _cameras = [];

    /// <summary>Asks the autopilot, and the cameras again: after discovery and after a reboot.</summary>
    public void Begin()
    {
        _cameras.TryAdd(talk.Component, new());
        foreach (var camera in _cameras.Values)
            camera.AskAgain();
    }

    /// <summary>A camera beat its heart.</summary>
    public void OnCamera(byte component)
    {
        if (component != talk.Component && _cameras.Count < MostCameras)
            _cameras.TryAdd(component, new());
    }

    public void OnInformation(in VideoStreamInformation message, byte component, DateTimeOffset at)
    {
        if (!_cameras.TryGetValue(component, out var camera) || camera.Streams.Count >= MostStreams)
            return;
        VideoStreamReading stream = new(
            component, message.StreamId, message.Type, message.Encoding, (message.Flags & VideoStreamStatusFlags.Thermal) != 0, message.Name, message.Uri, message.ResolutionH, message.ResolutionV);
        var isNew = !camera.Streams.TryGetValue(message.StreamId, out var known) || known != stream;
        camera.Streams[message.StreamId] = stream;
        camera.IsAnswered = camera.Streams.Count >= message.Count;
        if (isNew)
            talk.Tell(new VehicleFact.VideoStreamFound(at, stream));
    }

    public void Tick()
    {
        if (talk.State.Link != VehicleLinkState.Up || talk.Options is { ListenOnly: true } or { FindVideo: false })
            return;
        foreach (var (component, camera) in _cameras)
        {
            if (camera.IsAnswered || camera.Tries >= Tries || talk.Now < camera.NextAt || !Ask(component, camera))
                continue;
            camera.Tries++;
            camera.NextAt = talk.Now + Pause;
        }
    }

    private bool Ask(byte component, Asked camera) => component == talk.Component
        ? commands.TryQuery(AskAutopilot, outcome => camera.IsAnswered |= outcome is CommandOutcome.Rejected)
        : talk.Outbox.TryAdd(new CommandLong
        {
            TargetSystem = talk.Key.SystemId,
            TargetComponent = component,
            Command = MavCmd.RequestMessage,
            Param1 = VideoStreamInformation.MsgId,
        });

    private sealed class Asked
    {
        public Dictionary<byte, VideoStreamReading> Streams { get; } = [];

        public bool IsAnswered { get; set; }

        public int Tries { get; set; }

        public DateTimeOffset NextAt { get; set; }

        public void AskAgain() => (IsAnswered, Tries, NextAt) = (false, 0, default);
    }
}
