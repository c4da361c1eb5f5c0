// MapLibre GL JS: vector tiles drawn by the graphics card.
import { Map as MapLibre, setWorkerUrl } from 'maplibre-gl';
import { withHidden } from '../style.js';

// A worker of our own origin, not one made from a blob: the page's policy allows only 'self'.
setWorkerUrl(new URL('./maplibre-worker.js', import.meta.url).href);

const SELECTED = 'tumen-selected';

export async function open(container, { style, view, hidden, attend }) {
  let current = { style, hidden };
  const map = new MapLibre({
    container,
    style: withHidden(style, hidden),
    center: [view.lon, view.lat],
    zoom: view.zoom,
    attributionControl: false,
    // Korean and Chinese letters come from the server's fonts, as in its own pictures.
    localIdeographFontFamily: false,
    maxPitch: 0,
    pitchWithRotate: false,
    dragRotate: false,
    touchPitch: false,
  });
  map.touchZoomRotate.disableRotation();
  let picked = null;

  const readView = () => {
    const { lng, lat } = map.getCenter().wrap();
    return { lon: lng, lat, zoom: map.getZoom() };
  };
  const apply = () => map.setStyle(withHighlight(withHidden(current.style, current.hidden), picked), { diff: true });

  map.on('moveend', () => attend.moved(readView()));
  map.on('idle', () => attend.settled());
  map.on('error', (event) => attend.failed(event.error));
  map.on('click', ({ point, lngLat }) => {
    const box = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
    const found = map.queryRenderedFeatures(box)
      .filter((feature) => feature.sourceLayer && feature.source !== SELECTED)
      .map(({ sourceLayer, id, properties, geometry }) => ({ collection: sourceLayer, id, properties, geometry }));
    attend.picked(found, [lngLat.lng, lngLat.lat]);
  });
  map.on('mousemove', ({ point }) => {
    const over = map.queryRenderedFeatures(point).some((feature) => feature.sourceLayer && feature.geometry.type !== 'Polygon');
    map.getCanvas().style.cursor = over ? 'pointer' : '';
  });

  return {
    layersCanHide: true,
    jumpTo: ({ lon, lat, zoom }, smooth) => map[smooth ? 'easeTo' : 'jumpTo']({ center: [lon, lat], zoom }),
    zoomBy: (step) => map.easeTo({ zoom: map.getZoom() + step }),
    hide(next) {
      current = { ...current, hidden: next };
      apply();
    },
    draw(next) {
      current = { ...current, style: next };
      apply();
    },
    /** Asks again for every vector tile; the browser revalidates what it has. */
    refresh(next) {
      current = { ...current, style: next };
      apply();
      for (const [id, source] of Object.entries(current.style.sources)) {
        if (source.type !== 'vector') continue;
        if (source.url) map.getSource(id)?.setUrl(source.url);
        else map.getSource(id)?.setTiles(source.tiles);
      }
    },
    highlight(geometry) {
      picked = geometry;
      if (map.isStyleLoaded()) apply();
      else map.once('idle', apply);
    },
    resize: () => map.resize(),
    close: () => map.remove(),
  };
}

function withHighlight(style, geometry) {
  if (!geometry) return style;
  const common = { source: SELECTED };
  const only = (...types) => ['in', ['geometry-type'], ['literal', types.flatMap((type) => [type, `Multi${type}`])]];
  return {
    ...style,
    sources: { ...style.sources, [SELECTED]: { type: 'geojson', data: { type: 'Feature', properties: {}, geometry } } },
    layers: [
      ...style.layers,
      {
        id: `${SELECTED}/halo`, type: 'line', ...common, filter: only('LineString', 'Polygon'),
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': '#fff', 'line-width': 6, 'line-opacity': 0.75 },
      },
      {
        id: `${SELECTED}/line`, type: 'line', ...common, filter: only('LineString', 'Polygon'),
        layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': '#b03a64', 'line-width': 2.5 },
      },
      {
        id: `${SELECTED}/point`, type: 'circle', ...common, filter: only('Point'),
        paint: {
          'circle-radius': 11, 'circle-color': '#b03a64', 'circle-opacity': 0.12,
          'circle-stroke-color': '#b03a64', 'circle-stroke-width': 2.5,
        },
      },
    ],
  };
}
