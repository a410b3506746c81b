using System.Text;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Camera;

namespace DroneOps.Simulator.Protocols;

/// <summary>The camera and its gimbal, for which the autopilot answers in its own name, as ArduPilot does for a camera that it drives.</summary>
internal sealed partial class Telemetry
{
    private const byte VisibleStream = 1;
    private const byte ThermalStream = 2;
    private const byte Device = 1;
    private const double DegToRad = Math.PI / 180;

    private bool TrySendOfCamera(uint messageId, CameraMount camera)
    {
        switch (messageId)
        {
            case CameraInformation.MsgId: SendCameraInformation(camera); return true;
            case CameraFovStatus.MsgId: SendFieldOfView(camera); return true;
            case GimbalDeviceAttitudeStatus.MsgId: SendGimbalAttitude(camera.Gimbal); return true;
            case GimbalManagerInformation.MsgId: SendGimbalInformation(); return true;
            case GimbalManagerStatus.MsgId: downlink.Send(new GimbalManagerStatus { TimeBootMs = BootMs, GimbalDeviceId = Device }); return true;
            default: return false;
        }
    }

    /// <summary>VIDEO_STREAM_INFORMATION or VIDEO_STREAM_STATUS of one stream, or of all where <paramref name="stream"/> is 0.</summary>
    public void SendVideoStreams(uint messageId, int stream)
    {
        if (copter.Camera is not { } camera)
            return;
        if (stream is 0 or VisibleStream)
            SendVideoStream(messageId, camera, VisibleStream, camera.Setup.Visible.Port);
        if (stream is 0 or ThermalStream && camera.Setup.Thermal is { } thermal)
            SendVideoStream(messageId, camera, ThermalStream, thermal.Port);
    }

    private void SendVideoStream(uint messageId, CameraMount camera, byte stream, int port)
    {
        var setup = camera.Setup;
        var flags = VideoStreamStatusFlags.Running | (stream == ThermalStream ? VideoStreamStatusFlags.Thermal : 0);
        var view = (ushort)Math.Round(camera.Gimbal.FieldOfView);
        if (messageId == VideoStreamStatus.MsgId)
        {
            downlink.Send(new VideoStreamStatus
            {
                StreamId = stream,
                Flags = flags,
                Framerate = (float)setup.Rate,
                Bitrate = (uint)setup.BitRate,
                ResolutionH = (ushort)setup.Width,
                ResolutionV = (ushort)setup.Height,
                Hfov = view,
                CameraDeviceId = Device,
            });
            return;
        }

        downlink.Send(new VideoStreamInformation
        {
            StreamId = stream,
            Count = (byte)(setup.Thermal is null ? 1 : 2),
            Type = VideoStreamType.MpegTs,
            Flags = flags,
            Framerate = (float)setup.Rate,
            Bitrate = (uint)setup.BitRate,
            ResolutionH = (ushort)setup.Width,
            ResolutionV = (ushort)setup.Height,
            Hfov = view,
            Encoding = VideoStreamEncoding.H264,
            CameraDeviceId = Device,
            Name = stream == ThermalStream ? "thermal" : "visible",
            Uri = FormattableString.Invariant($"udp://@:{port}"),
        });
    }

    private void SendCameraInformation(CameraMount camera)
    {
        const float SensorWidth = 6.4f;
        var setup = camera.Setup;
        var message = new CameraInformation
        {
            TimeBootMs = BootMs,
            FirmwareVersion = 1,
            SensorSizeH = SensorWidth,
            SensorSizeV = SensorWidth * setup.Height / setup.Width,
            FocalLength = (float)(SensorWidth / (2 * Math.Tan(camera.Gimbal.FieldOfView * DegToRad / 2))),
            Flags = CameraCapFlags.CaptureVideo | CameraCapFlags.CaptureImage | CameraCapFlags.HasVideoStream | CameraCapFlags.HasBasicZoom,
            ResolutionH = (ushort)setup.Width,
            ResolutionV = (ushort)setup.Height,
            GimbalDeviceId = Device,
            CameraDeviceId = Device,
        };
        Span<byte> word = stackalloc byte[32];
        message.SetVendorName(Padded("DroneOps", word));
        message.SetModelName(Padded("Simulated camera", word));
        downlink.Send(in message);
    }

    private static Span<byte> Padded(string text, Span<byte> word)
    {
        word.Clear();
        _ = Encoding.ASCII.GetBytes(text, word);
        return word;
    }

    private void SendFieldOfView(CameraMount camera)
    {
        if (camera.Latest is not { } shot)
            return;
        var message = new CameraFovStatus
        {
            TimeBootMs = BootMs,
            LatCamera = shot.Place.LatitudeE7,
            LonCamera = shot.Place.LongitudeE7,
            AltCamera = (int)Math.Round(shot.AltitudeAmsl * 1000),
            LatImage = int.MaxValue,
            LonImage = int.MaxValue,
            AltImage = int.MaxValue,
            Hfov = (float)shot.FieldOfView,
            Vfov = (float)(shot.VerticalFieldOfView(camera.Setup.Width, camera.Setup.Height)),
            CameraDeviceId = Device,
        };
        if (shot.Target is { } target)
        {
            (message.LatImage, message.LonImage) = (target.LatitudeE7, target.LongitudeE7);
            message.AltImage = (int)Math.Round((shot.AltitudeAmsl - shot.Height) * 1000);
        }

        message.SetQ(Quaternion(shot.GimbalPitch, shot.GimbalYaw));
        downlink.Send(in message);
    }

    private void SendGimbalAttitude(Gimbal gimbal)
    {
        var heading = copter.Airframe.Heading * RadToDeg;
        // Without the lock the yaw is told from the nose, with it from north.
        var yaw = gimbal.IsYawLocked ? gimbal.Yaw : Math.IEEERemainder(gimbal.Yaw - heading, 360);
        var message = new GimbalDeviceAttitudeStatus
        {
            TimeBootMs = BootMs,
            Flags = GimbalDeviceFlags.RollLock | GimbalDeviceFlags.PitchLock
                | (gimbal.IsYawLocked ? GimbalDeviceFlags.YawLock | GimbalDeviceFlags.YawInEarthFrame : GimbalDeviceFlags.YawInVehicleFrame),
            AngularVelocityX = float.NaN,
            AngularVelocityY = float.NaN,
            AngularVelocityZ = float.NaN,
            DeltaYaw = float.NaN,
            DeltaYawVelocity = float.NaN,
            GimbalDeviceId = Device,
        };
        message.SetQ(Quaternion(gimbal.Pitch, yaw));
        downlink.Send(in message);
    }

    private void SendGimbalInformation() => downlink.Send(new GimbalManagerInformation
    {
        TimeBootMs = BootMs,
        CapFlags = GimbalManagerCapFlags.HasNeutral | GimbalManagerCapFlags.HasPitchAxis | GimbalManagerCapFlags.HasPitchLock
            | GimbalManagerCapFlags.HasYawAxis | GimbalManagerCapFlags.HasYawFollow | GimbalManagerCapFlags.HasYawLock
            | GimbalManagerCapFlags.CanPointLocationGlobal,
        PitchMin = (float)(Gimbal.LowestPitch * DegToRad),
        PitchMax = (float)(Gimbal.HighestPitch * DegToRad),
        YawMin = (float)-Math.PI,
        YawMax = (float)Math.PI,
        GimbalDeviceId = Device,
    });

    /// <summary>Yaw, then pitch, no roll; w first.</summary>
    private static float[] Quaternion(double pitch, double yaw)
    {
        var (sinPitch, cosPitch) = Math.SinCos(pitch * DegToRad / 2);
        var (sinYaw, cosYaw) = Math.SinCos(yaw * DegToRad / 2);
        return [(float)(cosPitch * cosYaw), (float)(-sinPitch * sinYaw), (float)(sinPitch * cosYaw), (float)(cosPitch * sinYaw)];
    }
}
