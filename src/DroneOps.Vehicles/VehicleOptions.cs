using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>One message that the vehicle is asked to send.</summary>
/// <param name="MessageId">MAVLink message id.</param>
/// <param name="RateHz">How often per second.</param>
public readonly record struct StreamRate(uint MessageId, double RateHz);

/// <summary>Timers and limits of the conversation with a vehicle. The defaults suit links with a round trip below half a second;
/// a satellite link wants the deadlines raised.</summary>
public sealed class VehicleOptions
{
    /// <summary>Silence after which the link counts as lost. Three heartbeats of 1 Hz may go missing, the loss is
    /// known within 4.5 s (with a tick of 100 ms).</summary>
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(4.25);

    /// <summary>When position, attitude and speed count as stale.</summary>
    public TimeSpan FastStaleAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>When values that come once a second count as stale.</summary>
    public TimeSpan SlowStaleAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Say nothing at all: for watching a recording, or a vehicle that belongs to another station.</summary>
    public bool ListenOnly { get; set; }

    /// <summary>What the vehicle is asked to stream after its discovery, a reboot, or a return with silent streams.</summary>
    public IReadOnlyList<StreamRate> Streams { get; set; } =
    [
        new(Attitude.MsgId, 4),
        new(GlobalPositionInt.MsgId, 4),
        new(VfrHud.MsgId, 2),
        new(SysStatus.MsgId, 1),
        // Arming, take-off and landing are known when these two say so: at 6 Hz, with the jitter of a link, both clocks are right to 0.2 s.
        new(Heartbeat.MsgId, 6),
        new(ExtendedSysState.MsgId, 6),
        new(BatteryStatus.MsgId, 1),
        new(GpsRawInt.MsgId, 1),
        new(EkfStatusReport.MsgId, 1),
        new(EstimatorStatus.MsgId, 1),
        new(SystemTime.MsgId, 1),
        new(MissionCurrent.MsgId, 1),
        new(NavControllerOutput.MsgId, 1),
        new(FenceStatus.MsgId, 1),
        new(Wind.MsgId, 0.5),
        new(WindCov.MsgId, 0.5),
        new(HomePosition.MsgId, 0.2),
    ];

    /// <summary>Stream requests that may wait for their acknowledgement at the same time.</summary>
    public int StreamRequestsInFlight { get; set; } = 3;

    /// <summary>Deadline of a step that changes the vehicle's state; it is tried once.</summary>
    public TimeSpan StateChangingDeadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Deadline of a safe stop; within it the command is sent up to <see cref="SafeStopTries"/> times.</summary>
    public TimeSpan SafeStopDeadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a safe stop is sent.</summary>
    public int SafeStopTries { get; set; } = 3;

    /// <summary>How long one try of a query waits.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a query is sent.</summary>
    public int QueryTries { get; set; } = 3;

    /// <summary>How long a command may go on after each IN_PROGRESS; it is never sent again meanwhile.</summary>
    public TimeSpan InProgressDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after a refusal, and how far back before it, status texts count as its reason.</summary>
    public TimeSpan ReasonWindow { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a fact that must show in telemetry (armed, a mode) may take after its acknowledgement; the armed bit
    /// waits for the next heartbeat.</summary>
    public TimeSpan EffectDeadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Plan transfers: how long MISSION_COUNT and MISSION_REQUEST_LIST wait for their answer (mission protocol: 1500 ms).</summary>
    public TimeSpan PlanTimeout { get; set; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Plan transfers: how long a request for one item waits at first; the wait grows to <see cref="PlanTimeout"/>.</summary>
    public TimeSpan PlanItemTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Plan transfers: tries without any progress before giving up.</summary>
    public int PlanTries { get; set; } = 5;

    /// <summary>Plan downloads: tries for one item. More than the five of the protocol, because 500 items over a link that loses a
    /// quarter both ways need it.</summary>
    public int PlanItemTries { get; set; } = 20;

    /// <summary>Plan uploads: silence of the vehicle that ends one attempt (an ArduPilot gives up after 8 s itself).</summary>
    public TimeSpan UploadStall { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Plan uploads: how often an upload that the vehicle gave up is started over.</summary>
    public int UploadAttempts { get; set; } = 3;

    /// <summary>Read every plan back after its upload and compare.</summary>
    public bool VerifyUploads { get; set; } = true;

    /// <summary>Plan transfers that may wait for the one in work.</summary>
    public int PlanQueueCapacity { get; set; } = 8;

    /// <summary>How long one request for a parameter waits.</summary>
    public TimeSpan ParameterTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a parameter is asked for; no answer then means that the vehicle does not have it.</summary>
    public int ParameterTries { get; set; } = 3;

    /// <summary>Parameters asked for at the same time.</summary>
    public int ParametersInFlight { get; set; } = 4;

    /// <summary>Parameter jobs that may wait.</summary>
    public int ParameterQueueCapacity { get; set; } = 16;

    /// <summary>Read the failsafe parameters after discovery, after each reboot and each flight, and what stayed unread or was changed again.</summary>
    public bool AuditFailsafes { get; set; } = true;

    /// <summary>Ask for the video streams after discovery and after each reboot.</summary>
    public bool FindVideo { get; set; } = true;

    /// <summary>Whether vital failsafes that are off make the vehicle not ready; otherwise they are findings to be shown. Off here for
    /// whoever only listens; who sends vehicles off on their own turns it on.</summary>
    public bool FailsafesMustBeOn { get; set; }

    /// <summary>Messages that may wait to be taken; when full, new ones are refused and the protocols try later or report not sent.</summary>
    public int OutboxCapacity { get; set; } = 256;

    /// <summary>Facts that may wait to be taken; samples (positions, battery) give way at a quarter of it, the oldest fact at the end.</summary>
    public int FactCapacity { get; set; } = 4096;

    /// <summary>Charge at which a battery counts as low, unless its autopilot judges it worse.</summary>
    public int LowBatteryPercent { get; set; } = 20;

    /// <summary>Charge at which a battery counts as critical, unless its autopilot judges it worse.</summary>
    public int CriticalBatteryPercent { get; set; } = 15;
}
