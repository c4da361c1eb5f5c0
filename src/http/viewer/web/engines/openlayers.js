// OpenLayers: vector tiles on a canvas, dressed in the same MapLibre style.
import Feature from 'ol/Feature.js';
import GeoJSON from 'ol/format/GeoJSON.js';
import LayerGroup from 'ol/layer/Group.js';
import VectorLayer from 'ol/layer/Vector.js';
import OpenLayers from 'ol/Map.js';
import { fromLonLat, toLonLat } from 'ol/proj.js';
import VectorSource from 'ol/source/Vector.js';
import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import View from 'ol/View.js';
import { apply } from 'ol-mapbox-style';
import { withHidden, withPlainFont } from '../style.js';

const LOOK = new Style({
  stroke: new Stroke({ color: '#b03a64', width: 3 }),
  fill: new Fill({ color: 'rgba(176, 58, 100, 0.08)' }),
  image: new CircleStyle({
    radius: 11,
    stroke: new Stroke({ color: '#b03a64', width: 2.5 }),
    fill: new Fill({ color: 'rgba(176, 58, 100, 0.12)' }),
  }),
});

export async function open(container, { style, view, hidden, attend }) {
  let current = { style, hidden };
  container.tabIndex = 0;
  const selected = new VectorSource();
  const overlay = new VectorLayer({ source: selected, style: LOOK, zIndex: 1000 });
  const map = new OpenLayers({
    target: container,
    controls: [],
    layers: [new LayerGroup(), overlay],
    view: new View({
      center: fromLonLat([view.lon, view.lat]),
      zoom: view.zoom + 1, // OpenLayers' world is 256 px wide at 0
      enableRotation: false,
      maxZoom: 21,
    }),
  });

  const readView = () => {
    const [lon, lat] = toLonLat(map.getView().getCenter());
    return { lon: ((((lon + 180) % 360) + 360) % 360) - 180, lat, zoom: map.getView().getZoom() - 1 };
  };
  map.on('moveend', () => attend.moved(readView()));
  map.on('rendercomplete', () => attend.settled());
  map.on('singleclick', ({ pixel, coordinate }) => {
    const found = [];
    map.forEachFeatureAtPixel(pixel, (feature) => {
      const collection = feature.get('mvt:layer');
      if (!collection) return;
      const { 'mvt:layer': layer, geometry, ...properties } = feature.getProperties();
      found.push({ collection, id: feature.getId(), properties, geometry: { type: feature.getType?.() ?? '' } });
    }, { hitTolerance: 6, layerFilter: (layer) => layer !== overlay });
    attend.picked(found, toLonLat(coordinate));
  });
  map.on('pointermove', ({ pixel, dragging }) => {
    if (dragging) return;
    const over = map.hasFeatureAtPixel(pixel, { layerFilter: (layer) => layer !== overlay, checkWrapped: false });
    map.getTargetElement().style.cursor = over ? 'pointer' : '';
  });

  let wanted = 0;
  /** Lays the style's layers under the selection; of several calls under way the last one wins. */
  async function dress() {
    const turn = ++wanted;
    const group = new LayerGroup();
    // The web fonts are said to be in a sheet that the page already has, so none is fetched from elsewhere.
    const webfonts = document.querySelector('link[rel="stylesheet"]').getAttribute('href');
    await apply(group, structuredClone(withPlainFont(withHidden(current.style, current.hidden))), { webfonts });
    if (turn === wanted) map.getLayers().setAt(0, group);
  }
  await dress();

  function redress(next) {
    current = { ...current, style: next };
    return dress().catch(attend.failed);
  }

  return {
    layersCanHide: true,
    jumpTo({ lon, lat, zoom }, smooth) {
      const to = { center: fromLonLat([lon, lat]), zoom: zoom + 1 };
      if (smooth) map.getView().animate({ ...to, duration: 300 });
      else {
        map.getView().setCenter(to.center);
        map.getView().setZoom(to.zoom);
      }
    },
    zoomBy: (step) => map.getView().animate({ zoom: map.getView().getZoom() + step, duration: 200 }),
    hide(next) {
      current = { ...current, hidden: next };
      return dress().catch(attend.failed);
    },
    draw: redress,
    refresh: redress,
    highlight(geometry) {
      selected.clear();
      if (!geometry) return;
      const shape = new GeoJSON().readGeometry(geometry, { featureProjection: 'EPSG:3857' });
      selected.addFeature(new Feature(shape));
    },
    resize: () => map.updateSize(),
    close: () => map.setTarget(null),
  };
}
