using System.Net;
using System.Text;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Faults;
using Xunit;

namespace DroneOps.Tests.Simulator.Camera;

public sealed class CameraProtocolTests
{
    private static Ground WithCamera(bool hasThermal = false)
    {
        var ground = new Ground(camera: new(
            1280, 720, 25, 3_000_000, new(IPAddress.Loopback, 5601), hasThermal ? new IPEndPoint(IPAddress.Loopback, 5701) : null));
        ground.Run(6);
        return ground;
    }

    private static double Pitch(Ground ground)
    {
        ground.Command(MavCmd.RequestMessage, GimbalDeviceAttitudeStatus.MsgId);
        var q = ground.Last<GimbalDeviceAttitudeStatus>().Q;
        return Math.Asin(2 * ((q[0] * q[2]) - (q[3] * q[1]))) * 180 / Math.PI;
    }

    [Fact]
    public void Without_a_camera_nothing_of_it_is_known()
    {
        var ground = Ground.Ready();

        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.RequestMessage, CameraInformation.MsgId));
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.RequestMessage, VideoStreamInformation.MsgId));
        Assert.Equal(MavResult.Denied, ground.Command(MavCmd.SetMessageInterval, GimbalDeviceAttitudeStatus.MsgId, 100_000));
        Assert.Null(ground.Copter.Camera);
    }

    [Fact]
    public void The_camera_says_what_it_is()
    {
        var ground = WithCamera();

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.RequestMessage, CameraInformation.MsgId));
        var camera = ground.Last<CameraInformation>();
        Assert.Equal((1280, 720), (camera.ResolutionH, camera.ResolutionV));
        Assert.Equal("Simulated camera", Encoding.ASCII.GetString(camera.ModelName).TrimEnd('\0'));
        Assert.Equal(70, 2 * Math.Atan(camera.SensorSizeH / (2 * camera.FocalLength)) * 180 / Math.PI, 3);
        Assert.True((camera.Flags & CameraCapFlags.HasVideoStream) != 0);
    }

    [Fact]
    public void The_camera_says_where_its_streams_are()
    {
        var ground = WithCamera(hasThermal: true);

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.RequestMessage, VideoStreamInformation.MsgId));
        var streams = ground.All<VideoStreamInformation>().ToArray();
        Assert.Equal(["udp://@:5601", "udp://@:5701"], streams.Select(s => s.Uri));
        Assert.Equal([VideoStreamType.MpegTs, VideoStreamType.MpegTs], streams.Select(s => s.Type));
        Assert.Equal([false, true], streams.Select(s => (s.Flags & VideoStreamStatusFlags.Thermal) != 0));
        Assert.All(streams, s => Assert.Equal((2, 25, 3_000_000u), (s.Count, (int)s.Framerate, s.Bitrate)));

        ground.Log.Clear();
        ground.Command(MavCmd.RequestMessage, VideoStreamInformation.MsgId, 2);
        Assert.Equal(2, Assert.Single(ground.All<VideoStreamInformation>()).StreamId);
    }

    [Fact]
    public void The_gimbal_turns_to_the_pitch_that_is_asked_for_at_its_own_speed()
    {
        var ground = WithCamera();
        Assert.Equal(-30, Pitch(ground), 1);

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoGimbalManagerPitchyaw, -90, 0, float.NaN, float.NaN));
        ground.Run(0.5);
        Assert.InRange(Pitch(ground), -62, -55);
        ground.Run(1);
        Assert.Equal(-90, ground.Copter.Camera!.Gimbal.Pitch, 1);
    }

    [Fact]
    public void A_yaw_that_is_locked_stays_when_the_vehicle_turns()
    {
        var ground = WithCamera();
        ground.TakeOff(20);
        ground.Command(MavCmd.DoGimbalManagerPitchyaw, -20, 90, float.NaN, float.NaN, p5: (int)GimbalManagerFlags.YawLock);
        ground.Command(MavCmd.ConditionYaw, 180, 30, 1, 0);
        ground.Run(15);
        Assert.Equal(90, ground.Copter.Camera!.Latest!.GimbalYaw, 0.5);
        Assert.Equal(180, ground.Copter.Camera.Latest.Heading, 2.0);

        ground.Command(MavCmd.DoMountControl, -45, 0, 10, 0, 0, 0, 2);
        ground.Run(5);
        Assert.Equal((190.0, -45.0), (Math.Round(ground.Copter.Camera.Latest.GimbalYaw), Math.Round(ground.Copter.Camera.Latest.GimbalPitch)));
    }

    [Fact]
    public void A_place_to_look_at_is_in_the_middle_of_the_picture()
    {
        var ground = WithCamera();
        ground.TakeOff(40);
        var place = Ground.At(70, -55);
        ground.Send(new CommandInt { Command = MavCmd.DoSetRoiLocation, TargetSystem = 1, Frame = MavFrame.GlobalRelativeAlt, X = place.LatitudeE7, Y = place.LongitudeE7 });
        ground.Run(8);

        var seen = ground.Copter.Camera!.Latest!.Target!.Value;
        Assert.Equal(place.LatitudeDeg, seen.LatitudeDeg, 5e-6);
        Assert.Equal(place.LongitudeDeg, seen.LongitudeDeg, 5e-6);

        ground.Command(MavCmd.RequestMessage, CameraFovStatus.MsgId);
        Assert.InRange(ground.Last<CameraFovStatus>().LatImage - place.LatitudeE7, -60, 60);
    }

    [Fact]
    public void The_lens_zooms_by_percent_by_steps_and_to_an_angle()
    {
        var ground = WithCamera();
        double View() => ground.Copter.Camera!.Latest!.FieldOfView;
        ground.Command(MavCmd.SetCameraZoom, (int)CameraZoomType.Range, 100);
        ground.Run(8);
        Assert.Equal(Gimbal.NarrowestView, View(), 3);
        ground.Command(MavCmd.SetCameraZoom, (int)CameraZoomType.HorizontalFov, 40);
        ground.Run(8);
        Assert.Equal(40, View(), 3);
        ground.Command(MavCmd.SetCameraZoom, (int)CameraZoomType.Step, 1);
        ground.Run(8);
        Assert.Equal(32, View(), 3);
    }

    [Fact]
    public void Faults_of_the_camera_come_and_go_by_plan()
    {
        var ground = WithCamera();
        ground.Copter.Plan(new(FaultKind.CameraFreeze, ground.Seconds + 1, ForSeconds: 2));
        ground.Copter.Plan(new(FaultKind.CameraLoss, ground.Seconds + 1, ForSeconds: 2, Value: 0.1));
        ground.Copter.Plan(new(FaultKind.CameraResolution, ground.Seconds + 2, ForSeconds: 2, Value: 360));
        ground.Run(1.5);
        Assert.Equal(new CameraFaults(IsFrozen: true, Loss: 0.1), ground.Copter.Camera!.Latest!.Faults);
        ground.Run(1);
        Assert.Equal(new CameraFaults(IsFrozen: true, Loss: 0.1, Height: 360), ground.Copter.Camera.Latest.Faults);
        ground.Run(3);
        Assert.Equal(CameraFaults.None, ground.Copter.Camera.Latest.Faults);
    }

    [Fact]
    public void A_camera_changes_nothing_in_the_flight()
    {
        static string Fly(Ground ground)
        {
            ground.Run(6);
            ground.TakeOff(20);
            ground.Run(5);
            return FormattableString.Invariant($"{ground.Copter.Position.LatitudeDeg:r} {ground.Copter.Height:r} {ground.Copter.BatteryUsedWh:r}");
        }

        Assert.Equal(Fly(new Ground()), Fly(new Ground(camera: new(1280, 720, 25, 3_000_000, new(IPAddress.Loopback, 5601), null))));
    }
}
