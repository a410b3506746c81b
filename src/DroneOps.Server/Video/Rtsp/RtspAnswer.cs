using System.Globalization;
using System.Text;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>An answer to a request (RFC 2326, 7).</summary>
internal sealed record RtspAnswer(int Status, params IReadOnlyList<(string Name, string Value)> Headers)
{
    public static readonly RtspAnswer Ok = new(200);
    public static readonly RtspAnswer BadRequest = new(400);
    public static readonly RtspAnswer Forbidden = new(403);
    public static readonly RtspAnswer NotFound = new(404);
    public static readonly RtspAnswer NoSuchSession = new(454);
    public static readonly RtspAnswer WrongState = new(455);
    public static readonly RtspAnswer NoSuchTransport = new(461);
    public static readonly RtspAnswer NotImplemented = new(501);
    public static readonly RtspAnswer Unavailable = new(503);

    /// <summary>What follows the headers; null when nothing does.</summary>
    public string? Body { get; init; }

    /// <summary>The bytes of the answer to a request with this number.</summary>
    public byte[] ToBytes(int sequence)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"RTSP/1.0 {Status} {Reason}\r\nCSeq: {sequence}\r\nServer: DroneOps\r\n");
        foreach (var (name, value) in Headers)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        if (Body is not null)
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(Body).ToString());
    }

    // RFC 2326, 7.1.1.
    private string Reason => Status switch
    {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        413 => "Request Entity Too Large",
        454 => "Session Not Found",
        455 => "Method Not Valid in This State",
        461 => "Unsupported transport",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        551 => "Option not supported",
        _ => "Error",
    };
}
