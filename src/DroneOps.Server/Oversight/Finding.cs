using DroneOps.Server.Sorties;

namespace DroneOps.Server.Oversight;

/// <summary>What makes an auditor look closer at a sortie.</summary>
internal enum FindingKind
{
    /// <summary>Nobody has said what it was flown for.</summary>
    NoPurpose,

    /// <summary>Nobody's leave and no approval is named.</summary>
    NoAuthority,

    /// <summary>Flown for an incident or a patrol, of which there is no order.</summary>
    NoOrder,

    /// <summary>The link was lost for a while; the value is seconds.</summary>
    Gap,

    /// <summary>Dated after now: a clock was wrong when it was recorded.</summary>
    InFuture,

    /// <summary>Its end was not seen: its clocks stop at the last that is known.</summary>
    EndNotSeen,

    /// <summary>The time in the air is not that from take-off to landing, or longer than the motors ran; the value is seconds.</summary>
    ClocksDiffer,

    /// <summary>It took off before the sortie before it had landed; the value is seconds.</summary>
    Overlap,

    /// <summary>Higher above its home than is allowed without leave; the value is metres.</summary>
    TooHigh,

    /// <summary>In a zone that is to be kept out of, at its heights and hours; the value is metres above home.</summary>
    ZoneBreach,

    /// <summary>A camera did not do the duty of its leg or of a no-record zone; the value is seconds.</summary>
    CameraBreach,

    /// <summary>It names an approval and is not covered by it; the value is seconds or metres.</summary>
    OutsideApproval,

    /// <summary>Everybody needs a licence, and none was ever entered for its pilot.</summary>
    NoLicence,

    /// <summary>None of its pilot's licences held when it took off.</summary>
    LicenceExpired,

    /// <summary>Its pilot's medical had run out.</summary>
    MedicalExpired,

    /// <summary>Its pilot had flown too little to be in practice.</summary>
    NotCurrent,

    /// <summary>Its pilot had been in the air for too long already.</summary>
    DutyExceeded,
}

/// <summary>One thing about one sortie. It accuses nobody: it says where to look.</summary>
/// <param name="SortieId">Null where a camera was in the air and no sortie is on record.</param>
/// <param name="TakeoffAt">Of the sortie.</param>
/// <param name="At">When, where it has a moment of its own.</param>
/// <param name="Value">How much, by the kind.</param>
/// <param name="Name">Of the zone.</param>
/// <param name="Camera">What the camera did and was to do; null where it is about something else.</param>
/// <param name="Approval">The approval, and how it did not cover the sortie; null where it is about something else.</param>
internal sealed record Finding(
    FindingKind Kind, Guid? SortieId, string VehicleName, string? Pilot, DateTimeOffset? TakeoffAt, DateTimeOffset? At, double? Value, string? Name, CameraUse? Camera = null, ApprovalUse? Approval = null)
{
    private const double ClockToleranceS = 1;
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(10);

    public static Finding Of(SortieRecord sortie, FindingKind kind, DateTimeOffset? at = null, double? value = null, string? name = null) =>
        new(kind, sortie.Id, sortie.VehicleName, sortie.Pilot, sortie.TakeoffAt, at, value is { } number ? Math.Round(number, 1) : null, name);

    /// <summary>What a sortie's own record shows. Pure.</summary>
    /// <param name="before">The sortie of the same vehicle before it, or null.</param>
    public static IEnumerable<Finding> OfRecord(SortieRecord sortie, SortieRecord? before, DateTimeOffset now)
    {
        if (sortie.TakeoffAt - now is var ahead && ahead > Ahead)
            yield return Of(sortie, FindingKind.InFuture, sortie.TakeoffAt, ahead.TotalSeconds);
        if (sortie.Purpose is null)
            yield return Of(sortie, FindingKind.NoPurpose);
        if (sortie.AuthorisedBy is null)
            yield return Of(sortie, FindingKind.NoAuthority);
        if (sortie.Purpose is "incident" or "patrol" && sortie.TaskId is null)
            yield return Of(sortie, FindingKind.NoOrder);
        foreach (var gap in sortie.Gaps)
        {
            if ((gap.To ?? sortie.LastHeardAt) - gap.From is var length && length >= ShortestGap)
                yield return Of(sortie, FindingKind.Gap, gap.From, length.TotalSeconds);
        }

        if (!sortie.IsClosed)
            yield break;
        if (sortie.LandingSource == ClockSource.LastKnown)
            yield return Of(sortie, FindingKind.EndNotSeen, sortie.LandedAt);
        var flown = ((sortie.LandedAt ?? sortie.LastHeardAt) - sortie.TakeoffAt).TotalSeconds;
        if (Math.Abs(flown - sortie.AirborneS) > ClockToleranceS)
            yield return Of(sortie, FindingKind.ClocksDiffer, value: Math.Abs(flown - sortie.AirborneS));
        else if (sortie.AirborneS > sortie.ArmedS + ClockToleranceS)
            yield return Of(sortie, FindingKind.ClocksDiffer, value: sortie.AirborneS - sortie.ArmedS);
        if (before is { LandedAt: { } landed } && landed - sortie.TakeoffAt is var overlap && overlap.TotalSeconds > ClockToleranceS)
            yield return Of(sortie, FindingKind.Overlap, sortie.TakeoffAt, overlap.TotalSeconds);
    }
}
