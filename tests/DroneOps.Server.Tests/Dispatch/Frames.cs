using System.Buffers.Binary;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>Tells single frames of MAVLink 2 apart, to lose some of them or to wait for one.</summary>
internal static class Frames
{
    private const int MessageIdOffset = 7;
    private const int PayloadOffset = 10;
    private const int CommandOffset = 28;

    /// <summary>Whether a frame orders a command.</summary>
    public static bool IsCommand(ReadOnlyMemory<byte> frame, MavCmd command) =>
        frame.Length > PayloadOffset && (uint)frame.Span[MessageIdOffset] is CommandLong.MsgId or CommandInt.MsgId && BinaryPrimitives.ReadUInt16LittleEndian(frame.Span[(PayloadOffset + CommandOffset)..]) == (ushort)command;

    /// <summary>Whether a frame acknowledges a command.</summary>
    public static bool IsAnswer(ReadOnlyMemory<byte> frame, MavCmd command) =>
        frame.Length > PayloadOffset && frame.Span[MessageIdOffset] == CommandAck.MsgId && BinaryPrimitives.ReadUInt16LittleEndian(frame.Span[PayloadOffset..]) == (ushort)command;

    /// <summary>Whether a frame announces a plan that is to be written.</summary>
    public static bool AnnouncesPlan(ReadOnlyMemory<byte> frame) => frame.Length > PayloadOffset && frame.Span[MessageIdOffset] == MissionCount.MsgId;

    /// <summary>Whether a frame asks for an item of a plan that is written, or concludes the writing.</summary>
    public static bool AnswersUpload(ReadOnlyMemory<byte> frame) => frame.Length > PayloadOffset && (uint)frame.Span[MessageIdOffset] is MissionRequest.MsgId or MissionRequestInt.MsgId or MissionAck.MsgId;
}
