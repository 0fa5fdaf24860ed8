import { fits } from '../fit.ts';
import { type Driver, sampleImage, unreadOptions, working } from './driver.ts';

/** glance_store._drivers.http: one prefix for both schemes and any host, so that two such stores are alike. */
export const http: Driver = {
  schemes: ['http', 'https'],
  options: unreadOptions('https_ca_certificates_file https_insecure=True http_proxy_information='),
  configure: () =>
    working({
      urlPrefix: { kind: 'known', value: 'http' },
      comparedTexts: [],
      sampleUrls: [`http://${sampleImage}`],
      fit: () => fits(0, 'scheme-synonym'),
    }),
};
