using System.ComponentModel.DataAnnotations;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>The ground the unit works on.</summary>
internal sealed class AirspaceOptions : IValidatableObject
{
    /// <summary>The folder of ready-made areas, zones, docks and the base map; relative to the program.</summary>
    [Required]
    public string LibraryFolder { get; set; } = "library";

    /// <summary>Western edge of where things may be drawn, degrees east. The default box holds the prefecture of Zhangzhou.</summary>
    [Range(-180.0, 180.0)]
    public double WestDeg { get; set; } = 116.8;

    /// <summary>Southern edge, degrees north.</summary>
    [Range(-90.0, 90.0)]
    public double SouthDeg { get; set; } = 23.5;

    /// <summary>Eastern edge, degrees east.</summary>
    [Range(-180.0, 180.0)]
    public double EastDeg { get; set; } = 118.2;

    /// <summary>Northern edge, degrees north.</summary>
    [Range(-90.0, 90.0)]
    public double NorthDeg { get; set; } = 25.3;

    /// <summary>Where things may be drawn.</summary>
    public Envelope City => new(WestDeg, EastDeg, SouthDeg, NorthDeg);

    /// <summary>The library's folder, absolute.</summary>
    public string LibraryPath => Path.GetFullPath(LibraryFolder, AppContext.BaseDirectory);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WestDeg >= EastDeg || SouthDeg >= NorthDeg)
        {
            yield return new ValidationResult("DroneOps:Airspace: the western edge must be west of the eastern, the southern south of the northern.");
        }
    }
}
