using System.Globalization;
using DroneOps.Simulator.Camera;

namespace DroneOps.Benchmarks;

/// <summary>What a simulated camera's pictures cost to draw, on one core.</summary>
internal sealed class CameraBenchmark : ISystemBenchmark
{
    private const int Width = 1280;
    private const int Height = 720;
    private const int Rate = 25;
    private const int Pictures = 250;
    private const int Passes = 5;
    private const double Target = 0.08;

    public string Name => "camera";

    public string Summary => "processor time of drawing a simulated camera's pictures, 1280x720 at 25 a second, on a flight over the sample city";

    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var day = Best("daylight", Palette.Day);
        Best("thermal", Palette.Thermal);
        return Task.FromResult(day <= Target ? 0 : 1);
    }

    private static double Best(string what, Palette palette)
    {
        var map = CityMap.Sample;
        var start = map.Frame.ToLocal(new(24.515286, 117.659715), 0);
        var scene = new Scene(new TileStore(map, palette, 700), 1, Width, Height);
        var picture = new YuvPicture(Width, Height);
        // Ten metres a second with a slow turn, from 80 m, as on patrol: new ground comes into the picture all the time.
        var view = new GroundView(start.East, start.North, 80, 0.5, -0.7, 70 * Math.PI / 180, Width, Height);
        var costs = new double[Passes];
        for (var pass = 0; pass < Passes; pass++)
        {
            var before = CpuClock.OfThread();
            for (var i = 0; i < Pictures; i++)
            {
                view = view with { North = view.North + (10.0 / Rate * Math.Cos(view.Yaw)), East = view.East + (10.0 / Rate * Math.Sin(view.Yaw)), Yaw = view.Yaw + 0.002 };
                scene.Draw(view, ((pass * Pictures) + i) / (double)Rate, picture);
            }

            costs[pass] = (CpuClock.OfThread() - before).TotalSeconds / Pictures;
        }

        Array.Sort(costs);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-10} {costs[0] * 1000:0.00} ms a picture (best), {costs[Passes / 2] * 1000:0.00} ms (median): {costs[0] * Rate:0.0 %} and {costs[Passes / 2] * Rate:0.0 %} of a core"));
        return costs[0] * Rate;
    }
}
