using DroneOps.Mavlink;

namespace DroneOps.Vehicles;

/// <summary>How often a command may be sent. The rule is "in general do not retry": an ARM that gets through on its third try arms while
/// someone walks up to the aircraft.</summary>
public enum CommandClass
{
    /// <summary>Changes what the vehicle does: each step is sent once and has a deadline.</summary>
    StateChanging,

    /// <summary>Makes things safer and is harmless when late or repeated: up to three times within 3 s.</summary>
    SafeStop,

    /// <summary>Asks or configures, moves nothing: up to three times.</summary>
    Query,
}

/// <summary>What a vehicle can be told. A closed family.</summary>
public abstract record VehicleCommand
{
    private VehicleCommand()
    {
    }

    /// <summary>How often it may be sent.</summary>
    public virtual CommandClass Class => CommandClass.StateChanging;

    /// <summary>Start the motors. Never forced: the autopilot's checks decide.</summary>
    public sealed record Arm : VehicleCommand;

    /// <summary>Stop the motors. Never forced: an autopilot refuses in the air.</summary>
    public sealed record Disarm : VehicleCommand;

    /// <summary>Arm if need be, climb straight up and hold there. Refused here when in the air already.</summary>
    /// <param name="Height">Height above home.</param>
    public sealed record Takeoff(Altitude Height) : VehicleCommand;

    /// <summary>Land where it is.</summary>
    public sealed record Land : VehicleCommand
    {
        /// <inheritdoc/>
        public override CommandClass Class => CommandClass.SafeStop;
    }

    /// <summary>Return to home or a rally point and land.</summary>
    public sealed record ReturnToLaunch : VehicleCommand
    {
        /// <inheritdoc/>
        public override CommandClass Class => CommandClass.SafeStop;
    }

    /// <summary>Stop and stay where it is.</summary>
    public sealed record Hold : VehicleCommand
    {
        /// <inheritdoc/>
        public override CommandClass Class => CommandClass.SafeStop;
    }

    /// <summary>Fly to a point and hold there.</summary>
    /// <param name="Target">Where to.</param>
    /// <param name="Height">How high: above home or above sea level.</param>
    public sealed record GoTo(GeoPoint Target, Altitude Height) : VehicleCommand;

    /// <summary>Change to a mode of the autopilot, by the autopilot's own name for it.</summary>
    /// <param name="Mode">For example GUIDED (ArduPilot) or AUTO.LOITER (PX4); case does not matter.</param>
    public sealed record SetMode(string Mode) : VehicleCommand;

    /// <summary>Arm if need be and fly the mission aboard from its beginning.</summary>
    public sealed record StartMission : VehicleCommand;

    /// <summary>Hold without leaving the mission.</summary>
    public sealed record PauseMission : VehicleCommand
    {
        /// <inheritdoc/>
        public override CommandClass Class => CommandClass.SafeStop;
    }

    /// <summary>Go on with the mission after a pause, a hold or a diversion.</summary>
    public sealed record ContinueMission : VehicleCommand;

    /// <summary>Change the ground speed.</summary>
    /// <param name="MetresPerSecond">Above 0.</param>
    public sealed record SetSpeed(double MetresPerSecond) : VehicleCommand;

    /// <summary>Circle around a point (DO_ORBIT). Not every autopilot can; one that cannot answers Unsupported.</summary>
    /// <param name="Centre">The middle; null circles around where it is.</param>
    /// <param name="Height">How high.</param>
    /// <param name="RadiusM">Metres; negative turns counter-clockwise.</param>
    /// <param name="MetresPerSecond">Speed along the circle; null leaves it to the autopilot.</param>
    public sealed record Orbit(GeoPoint? Centre, Altitude Height, double RadiusM, double? MetresPerSecond) : VehicleCommand;

    /// <summary>Keep the camera on a place.</summary>
    /// <param name="Target">Where.</param>
    /// <param name="Height">The target's height.</param>
    public sealed record PointCameraAt(GeoPoint Target, Altitude Height) : VehicleCommand;

    /// <summary>Turn the camera.</summary>
    /// <param name="PitchDeg">Up positive, -90 is straight down.</param>
    /// <param name="YawDeg">Clockwise from the nose.</param>
    public sealed record PointCamera(double PitchDeg, double YawDeg) : VehicleCommand;

    /// <summary>Let the camera go: no region of interest any more.</summary>
    public sealed record ReleaseCamera : VehicleCommand;

    /// <summary>Switch a relay: a lamp, a loudspeaker.</summary>
    /// <param name="Relay">Its number, counted from 0.</param>
    /// <param name="On">True closes it.</param>
    public sealed record SetRelay(int Relay, bool On) : VehicleCommand;

    /// <summary>Hold a servo output at a pulse.</summary>
    /// <param name="Servo">Its number, counted from 1.</param>
    /// <param name="PulseUs">Microseconds.</param>
    public sealed record SetServo(int Servo, int PulseUs) : VehicleCommand;

    /// <summary>Move home.</summary>
    /// <param name="Home">Where to.</param>
    /// <param name="Amsl">Its height above sea level.</param>
    public sealed record SetHome(GeoPoint Home, Altitude Amsl) : VehicleCommand;

    /// <summary>Put the fence in force or out of it, and see that it is. Enabling is sent again while the autopilot still refuses (it
    /// loads the polygon up to 60 ms after its upload) and disabling once: only enabling is harmless when repeated.</summary>
    /// <param name="Enable">True to enable.</param>
    public sealed record EnableFence(bool Enable) : VehicleCommand
    {
        /// <inheritdoc/>
        public override CommandClass Class => Enable ? CommandClass.Query : CommandClass.StateChanging;
    }

    /// <summary>Restart the autopilot. Refused here while armed or in the air.</summary>
    public sealed record Reboot : VehicleCommand;

    /// <summary>Ask for one message. The autopilot's "accepted" does not promise that it comes.</summary>
    /// <param name="MessageId">MAVLink message id.</param>
    public sealed record RequestMessage(uint MessageId) : VehicleCommand
    {
        /// <inheritdoc/>
        public override CommandClass Class => CommandClass.Query;
    }

    /// <summary>Ask for a message regularly.</summary>
    /// <param name="MessageId">MAVLink message id.</param>
    /// <param name="RateHz">Per second; 0 stops it.</param>
    public sealed record SetMessageInterval(uint MessageId, double RateHz) : VehicleCommand
    {
        /// <inheritdoc/>
        public override CommandClass Class => CommandClass.Query;
    }
}
