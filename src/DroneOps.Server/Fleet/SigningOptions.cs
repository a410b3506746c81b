using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Fleet;

/// <summary>MAVLink signing. Keys lie in files of their own: never in the configuration, on a command line or in a log.</summary>
internal sealed class SigningOptions
{
    /// <summary>The folder of the keys, one file for each network: <c>NETWORK.key</c>. Links of a network without a file are not signed.</summary>
    public string? KeyFolder { get; set; }

    /// <summary>What becomes of unsigned frames in a network that has a key.</summary>
    public UnsignedFrames Unsigned { get; set; } = UnsignedFrames.Listed;

    /// <summary>The messages that pass unsigned with <see cref="UnsignedFrames.Listed"/>; RADIO_STATUS when none is named, because radios put
    /// it in themselves and have no key.</summary>
    public IList<string> UnsignedMessages { get; } = [];

    /// <summary>The signing link id of our first link; the next has the next. Two stations that share a key must not share link ids.</summary>
    [Range(0, 255)]
    public int FirstLinkId { get; set; } = 1;
}

/// <summary>What becomes of unsigned frames.</summary>
internal enum UnsignedFrames
{
    /// <summary>None passes.</summary>
    Refuse,

    /// <summary>Some messages pass.</summary>
    Listed,

    /// <summary>All pass: for the time in which vehicles get their keys.</summary>
    Accept,
}
